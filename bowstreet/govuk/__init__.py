"""GOV.UK and MoJ components: form fields, macros, the template environment."""
