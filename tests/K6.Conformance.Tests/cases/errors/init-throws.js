// Init code that throws.
throw new TypeError('boom');
