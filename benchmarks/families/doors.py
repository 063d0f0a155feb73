"""Pages that hold nothing to read, and pages about the site itself: log-in, challenge, missing, other. Each (title, body, bare)."""

from __future__ import annotations

import random

Door = tuple[str, str, bool]


def login(r: random.Random, market: str) -> Door:
    """Where members come in."""
    made = (
        ("Login", "<div class='login-box'><h3>Member Login</h3><form method=post><input name=username placeholder=Username><input type=password name=password placeholder=Password><img src='data:,'><input name=captcha placeholder=Captcha><button>Sign in</button></form><p>No account? <a href=/register>Register</a></p></div>", True),
        (market, f"<h1>{market}</h1><form><table><tr><td>Username:</td><td><input name=u></td></tr><tr><td>Password:</td><td><input type=password></td></tr><tr><td>Session length:</td><td><select><option>30 minutes</option><option>6 hours</option></select></td></tr></table><input type=submit value=Login></form><p>Always check the address. Mirrors: abcdefabcdefabcd.onion</p>", True),
        ("Sign In", "<form class=form-signin><h2>Please sign in</h2><input type=text><input type=password><label><input type=checkbox> Remember me</label><button>Sign in</button><a href=/forgot>Forgot password?</a></form>", False),
        ("Anmelden", "<h2>Anmelden</h2><form>Benutzername <input name=n> Passwort <input type=password name=p><button>Einloggen</button></form><a href=/r>Registrieren</a>", True),
        ("Вход", "<h2>Вход на сайт</h2><form>Логин <input name=l> Пароль <input type=password name=p> <button>Войти</button></form><a href=/reg>Регистрация</a>", True),
        ("Create account", "<h2>Create your account</h2><form>Username <input name=u> Password <input type=password> Confirm password <input type=password> PIN <input type=password name=pin> <button>Register</button></form><p>Already registered? <a href=/login>Log in</a></p>", False),
        ("2FA", "<h3>Two factor authentication</h3><p>Decrypt this message with your PGP key to log in.</p><pre>-----BEGIN PGP MESSAGE-----\n\nhQEMA0000\n-----END PGP MESSAGE-----</pre><form><input name=code placeholder='Verification code'><button>Login</button></form>", True),
        ("Connexion", "<h2>Connexion</h2><form>Identifiant <input name=l> Mot de passe <input type=password name=p> <button>Se connecter</button></form>", False),
        ("Log in", "<p>You must be logged in to view this page.</p><form>Username <input name=u><br>Password <input type=password name=p><br><button>Log in</button></form>", False),
    )  # fmt: skip
    return r.choice(made)


def challenge(r: random.Random, market: str) -> Door:
    """Where a visitor must wait or prove something."""
    made = (
        ("Please wait", "<h2>You have been placed in a queue</h2><p>Estimated waiting time: 24 seconds. Do not refresh this page, you will lose your position.</p>", True),
        ("Captcha", "<form><p>Select the clock that shows 4:35</p><img src='data:,'><input type=radio name=c><input type=radio name=c><button>Continue</button></form>", True),
        (market, f"<h1>{market}</h1><p>To protect us from denial of service please type the letters of the picture.</p><form><img src=/captcha.php><input name=answer><input type=submit></form>", True),
        ("Just a moment...", "<h1>checking your connection</h1><div class='spinner'></div><p>shop.example needs to review the security of your connection before proceeding.</p><p>Ray ID: 7a0c3</p>", True),
        ("Attention Required!", "<h1>Sorry, you have been blocked</h1><p>You are unable to access this site. Enable cookies and complete the security check.</p><p>Performance & security by a proxy</p>", True),
        ("", "<form method=post><p>Click on the open circle</p><input type=image src='data:,'></form>", True),
        ("Access", "<p>Enter the missing characters of our onion address to prove that you are on the real site: abcd__gh.onion</p><form><input name=a maxlength=1><input name=b maxlength=1><button>Verify</button></form>", True),
        ("Bot check", "<h2>Human verification</h2><p>7 + 4 = ?</p><form><input name=sum><button>OK</button></form>", False),
        ("Проверка", "<h2>Проверка браузера</h2><p>Введите код с картинки</p><form><img src=c.png><input name=c><button>Отправить</button></form>", True),
        ("Sicherheitsabfrage", "<h2>Sicherheitsabfrage</h2><p>Bitte geben Sie die Zeichen aus dem Bild ein.</p><form><img src=c.png><input name=c><button>Weiter</button></form>", True),
        ("Rate limited", "<h1>Too many requests</h1><p>You are sending requests too quickly. Solve the captcha to continue.</p><form><img src=c><input name=c></form>", True),
        ("Loading", "<meta http-equiv=refresh content='5'><p>Loading, hold on ...</p>", True),
    )  # fmt: skip
    return r.choice(made)


def missing(r: random.Random, market: str) -> Door:
    """What is not there."""
    made = (
        ("Page not found", "<h1>Oops! That page can&rsquo;t be found.</h1><p>It looks like nothing was found at this location. Maybe try a search?</p><form><input name=s><button>Search</button></form>", False),
        ("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx/1.18.0</center>", True),
        ("Error", "<div class='alert alert-danger'>This listing has been deleted by the vendor.</div><a href=/>Back</a>", False),
        ("Product not found!", "<h1>Product not found!</h1><p>Product not found!</p><a href=/>Continue</a>", False),
        ("Information", "<h2>Information</h2><p>The requested topic does not exist.</p>", False),
        ("Listing unavailable", "<h3>Listing unavailable</h3><p>The vendor is on vacation or the listing has expired.</p>", False),
        ("Seite nicht gefunden", "<h1>Seite nicht gefunden</h1><p>Die angeforderte Seite existiert nicht.</p>", False),
        ("Страница не найдена", "<h1>Ошибка 404</h1><p>Страница не найдена или была удалена.</p>", False),
        ("Whoops", "<h1>Whoops!</h1><p>The item you are looking for is gone.</p>", True),
        ("User", "<p>No such user.</p>", False),
        ("500", "<h1>500 | Server Error</h1>", True),
        ("Page introuvable", "<h1>Page introuvable</h1><p>Cette annonce n'existe plus.</p>", False),
        ("Site disabled", "<h1>Onionsite not found</h1><p>The most likely cause is that the onionsite is offline.</p>", True),
        ("This hidden site has been seized", "<h1>THIS HIDDEN SITE HAS BEEN SEIZED</h1><p>by law enforcement agencies as part of a joint operation.</p>", True),
    )  # fmt: skip
    return r.choice(made[:-1])


def other(r: random.Random, market: str) -> Door:
    """Pages about the site, and the member's own."""
    made = (
        ("FAQ", "<h1>Frequently asked questions</h1><h4>How do I deposit?</h4><p>Open your wallet and send coins to the address shown. The minimum is $5.</p><h4>What is FE?</h4><p>Finalising early releases the money before the parcel arrives.</p><h4>What does a vendor account cost?</h4><p>The bond is $500.</p>", False),
        ("Rules", "<h2>Market rules</h2><ol><li>No weapons.</li><li>No poisons.</li><li>No dealing outside of escrow.</li><li>Vendors pay 5% commission.</li></ol>", False),
        ("Inbox", "<h3>Inbox (2)</h3><table><tr><th>From</th><th>Subject</th><th>Date</th></tr><tr><td><a href=/m/1>Support</a></td><td>Welcome to the market</td><td>2021-04-01</td></tr><tr><td><a href=/m/2>kingplug</a></td><td>Re: order 5512</td><td>2021-04-03</td></tr></table>", False),
        ("My orders", "<h2>Orders</h2><ul><li><a href=?s=1>Pending (0)</a></li><li><a href=?s=2>Accepted (0)</a></li><li><a href=?s=3>Shipped (1)</a></li></ul><p>There are no orders with this status.</p>", False),
        ("Wallet", "<h2>Wallet</h2><p>Balance: 0.00000000 BTC</p><p>Deposit address: <code>bc1qexampleexampleexample</code></p><p>Withdrawal fee: 0.0004 BTC</p><form>Amount <input name=a> Address <input name=b><button>Withdraw</button></form>", False),
        ("PGP", "<h2>Market PGP key</h2><pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----</pre><p>Verify every signed mirror list.</p>", False),
        ("News", "<h2>News</h2><h4>1 March: new mirrors</h4><p>We have added three mirrors. Find them signed below.</p><h4>12 February: Monero</h4><p>Payments with Monero are now possible. Fees fall to 3%.</p>", False),
        ("Support", "<h2>Open a ticket</h2><form>Subject <input name=s><textarea></textarea><button>Send</button></form><p>We answer within two days.</p>", False),
        ("Become a vendor", "<h1>Become a vendor</h1><p>Vendor bond: $350.00 (0.0113 BTC), not refunded to those who cheat. Vendors with 500 sales elsewhere pay nothing.</p><button>Pay bond</button>", False),
        ("About us", "<h1>About us</h1><p>We are a small crew who have been around since the first days. We care for our people and ship from two countries.</p><p>Contact us at the address below.</p>", False),
        ("Forum", "<h1>Forum</h1><table><tr><td><a href=/f/1>Announcements</a></td><td>12 topics</td><td>88 posts</td></tr><tr><td><a href=/f/2>Security</a></td><td>120 topics</td><td>1,881 posts</td></tr><tr><td><a href=/f/3>Vendor reviews</a></td><td>90 topics</td><td>2,009 posts</td></tr></table>", False),
        ("Settings", "<h2>Account settings</h2><form>Currency <select><option>USD</option><option>EUR</option></select> Language <select><option>English</option></select><button>Save</button></form>", False),
        ("Your cart", "<h1>Cart</h1><p class='cart-empty'>Your cart is currently empty.</p><a href=/shop>Return to shop</a>", False),
        ("Mirror list", "<pre>-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nOur mirrors:\nhttp://aaaa.onion\nhttp://bbbb.onion\n-----BEGIN PGP SIGNATURE-----\nxyz\n-----END PGP SIGNATURE-----</pre>", True),
    )  # fmt: skip
    return r.choice(made)
