// Init code that throws.
// @command inspect
throw new Error('boom');
