"""The page that asks for all of it, from every origin of the site."""

from __future__ import annotations

PAGE = r"""<!doctype html><html><head><title>not yet</title>
<style>@font-face { font-family: own; src: url(/font.woff2) } p { font-family: own }</style></head><body><p>text</p>
<iframe src="@TLS13@/frame"></iframe><iframe src="/download" style="display:none"></iframe>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">
<video src="/video" muted preload="auto"></video>
<div style="height:4000px"></div>
<img loading="lazy" src="/lazy-0.png" width="9" height="9"><img loading="lazy" src="/lazy-1.png" width="9" height="9">
<script>
fetch('/hold').catch(() => 0);  // keeps the network from falling quiet before all is done
const all = [], ask = (url, how) => all.push(fetch(url, how).then(r => r.arrayBuffer().catch(() => 0), () => 0));
const origins = ['', '@TLS13@', '@TLS12@'], two = '@H2@';
const talk = url => all.push(new Promise(done => {
  const socket = new WebSocket(url); let got = 0; socket.binaryType = 'arraybuffer';
  socket.onmessage = () => { if (++got === 1) { socket.send('from the page'); socket.send(new Uint8Array(70000)); } if (got === 3) socket.close(); };
  socket.onclose = socket.onerror = done;
}));
const form = new FormData(); form.append('field', 'grüße'); form.append('file', new Blob(['x'.repeat(3000)]), 'ü.txt');
for (const o of origins) {
  for (const p of ['gzip', 'brotli', 'zstd', 'deflate', 'identity', 'chunked', 'chunked-gzip', 'cookies', 'odd', 'early', 'empty',
                   'none', 'short', 'short-chunks', 'reset', 'until-close', 'last', 'bare', 'no-reason', 'r301', 'r302', 'r303', 'r307', 'r308'])
    ask(`${o}/${p}`);
  ask(o + '/head', {method: 'HEAD'});
  ask(o + '/video?part', {headers: {Range: 'bytes=1000-1999'}});
  ask(o + '/form', {method: 'POST', body: new URLSearchParams({a: '1', b: 'two words'})});
  ask(o + '/r307?post', {method: 'POST', body: new URLSearchParams({kept: 'yes'})});
  ask(o + '/json', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({a: [1, 2]})});
  ask(o + '/multipart', {method: 'POST', body: form});
  ask(o + '/put', {method: 'PUT', body: new Uint8Array(100000)});
  all.push(fetch(o + '/cached').then(r => r.text()).then(() => fetch(o + '/cached')).then(r => r.text()).catch(() => 0));
}
talk('@HTTP@/socket'.replace('http', 'ws')); talk('@TLS13@/socket'.replace('http', 'ws')); 
all.push(fetch(two + '/first', {mode: 'no-cors', credentials: 'include'}).then(() => new Promise(done => { talk(two.replace('http', 'ws') + '/socket'); all.at(-1).then(done); })));  // RFC 8441 needs a session
for (const p of ['plain', 'gzip', 'large', 'padded', 'trailers', 'early', 'odd', 'long-header', 'empty', 'reset'])
  ask(`${two}/${p}`);
ask(two + '/head', {method: 'HEAD'});
ask(two + '/echo', {method: 'POST', body: new Uint8Array(200000)});
for (let n = 0; n < 3; n++) ask('@GOAWAY@/leave?' + n);
all.push(fetch('@UPDATE@/keys').then(r => r.text()).then(() => fetch('@UPDATE@/keys?again')).then(r => r.text()).catch(() => 0));
all.push(new Promise(done => { const source = new EventSource('/events'); let got = 0;
  source.onmessage = () => { if (++got === 3) { source.close(); done(); } }; source.onerror = () => { source.close(); done(); }; }));
ask(URL.createObjectURL(new Blob(['local']))); ask('data:text/plain,local');
all.push(document.fonts.load('10px own').catch(() => 0));
all.push(navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)
  .then(() => new Promise(r => setTimeout(r, 200))).then(() => fetch('/answered-by-the-worker')).catch(e => console.log('worker ' + e)));
Promise.all(all.map(p => Promise.race([p, new Promise(r => setTimeout(r, 20000))]))).then(async () => {
  for (const round of [0, 8])  // every connection is closed, so that the next ones take up an earlier session
    await Promise.all(['@TLS13@', '@TLS12@'].flatMap(o => [...Array(8).keys()].map(n => fetch(`${o}/last?${round + n}`).catch(() => 0))));
  document.title = 'all done'; return fetch('/release'); });
</script></body></html>"""


def page(**origins: str) -> bytes:
    """The page, with the addresses of the origins in it."""
    text = PAGE
    for name, origin in origins.items():
        text = text.replace(f"@{name.upper()}@", origin)
    return text.encode()
