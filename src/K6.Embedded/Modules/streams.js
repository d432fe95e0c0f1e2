// Readable streams with default controllers: https://streams.spec.whatwg.org, sections 4.2 to 4.6.
(() => {
  const secret = {};
  const state = new WeakMap();
  const of = (object) => state.get(object);
  const defer = () => {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
  };
  const quiet = (promise) => { promise.then(undefined, () => {}); return promise; };
  const attempt = (work) => { try { return Promise.resolve(work()); } catch (e) { return Promise.reject(e); } };

  const close = (stream) => {
    const s = of(stream);
    s.state = 'closed';
    if (s.reader) {
      const r = of(s.reader);
      for (const request of r.requests.splice(0)) request.resolve({ done: true, value: undefined });
      r.closed.resolve();
    }
  };
  const fail = (stream, reason) => {
    const s = of(stream);
    if (s.state !== 'readable') return;
    s.state = 'errored';
    s.reason = reason;
    s.queue = [];
    s.total = 0;
    if (s.reader) {
      const r = of(s.reader);
      for (const request of r.requests.splice(0)) request.reject(reason);
      quiet(r.closed.promise);
      r.closed.reject(reason);
    }
  };
  const desired = (s) => s.state === 'errored' ? null : s.state === 'closed' ? 0 : s.highWaterMark - s.total;
  const wantsMore = (s) => s.state === 'readable' && !s.closing && s.started && ((s.reader && of(s.reader).requests.length > 0) || desired(s) > 0);
  const pull = (stream) => {
    const s = of(stream);
    if (!wantsMore(s)) return;
    if (s.pulling) { s.pullAgain = true; return; }
    s.pulling = true;
    attempt(() => s.pull && s.pull.call(s.source, s.controller)).then(() => {
      s.pulling = false;
      if (s.pullAgain) { s.pullAgain = false; pull(stream); }
    }, (e) => fail(stream, e));
  };
  const cancel = (stream, reason) => {
    const s = of(stream);
    if (s.state === 'closed') return Promise.resolve();
    if (s.state === 'errored') return Promise.reject(s.reason);
    s.queue = [];
    s.total = 0;
    close(stream);
    return attempt(() => s.cancel && s.cancel.call(s.source, reason)).then(() => undefined);
  };

  class ReadableStreamDefaultController {
    constructor(stream, key) {
      if (key !== secret) throw new TypeError('Illegal constructor');
      state.set(this, { stream });
    }
    get desiredSize() { return desired(of(of(this).stream)); }
    close() {
      const { stream } = of(this), s = of(stream);
      if (s.closing || s.state !== 'readable') throw new TypeError('cannot close or enqueue');
      s.closing = true;
      if (s.queue.length === 0) close(stream);
    }
    enqueue(chunk) {
      const { stream } = of(this), s = of(stream);
      if (s.closing || s.state !== 'readable') throw new TypeError('cannot close or enqueue');
      if (s.reader && of(s.reader).requests.length > 0) {
        of(s.reader).requests.shift().resolve({ done: false, value: chunk });
      } else {
        let size;
        try {
          size = s.size ? Number(s.size.call(undefined, chunk)) : 1;
          if (!(size >= 0) || size === Infinity) throw new RangeError('size is not a valid number');
        } catch (e) {
          fail(stream, e);
          throw e;
        }
        s.queue.push({ chunk, size });
        s.total += size;
      }
      pull(stream);
    }
    error(reason) { fail(of(this).stream, reason); }
  }

  class ReadableStreamDefaultReader {
    constructor(stream) {
      if (!(stream instanceof ReadableStream)) throw new TypeError('stream is not a ReadableStream');
      if (stream.locked) throw new TypeError('stream is locked');
      const s = of(stream), closed = defer();
      state.set(this, { stream, requests: [], closed });
      s.reader = this;
      if (s.state === 'closed') closed.resolve();
      if (s.state === 'errored') { quiet(closed.promise); closed.reject(s.reason); }
    }
    get closed() { return of(this).closed.promise; }
    read() {
      const { stream, requests } = of(this);
      if (!stream) return Promise.reject(new TypeError('stream is undefined'));
      const s = of(stream);
      if (s.state === 'closed') return Promise.resolve({ done: true, value: undefined });
      if (s.state === 'errored') return Promise.reject(s.reason);
      if (s.queue.length > 0) {
        const { chunk, size } = s.queue.shift();
        s.total -= size;
        if (s.closing && s.queue.length === 0) close(stream); else pull(stream);
        return Promise.resolve({ done: false, value: chunk });
      }
      const request = defer();
      requests.push(request);
      pull(stream);
      return request.promise;
    }
    cancel(reason) {
      const { stream } = of(this);
      return stream ? cancel(stream, reason) : Promise.reject(new TypeError('stream is undefined'));
    }
    releaseLock() {
      const r = of(this), { stream } = r;
      if (!stream) return;
      const error = new TypeError('reader was released');
      for (const request of r.requests.splice(0)) request.reject(error);
      if (of(stream).state !== 'readable') r.closed = defer();
      quiet(r.closed.promise);
      r.closed.reject(error);
      of(stream).reader = undefined;
      r.stream = undefined;
    }
  }

  class ReadableStream {
    constructor(source, strategy) {
      if (source === null || (source !== undefined && typeof source !== 'object' && typeof source !== 'function')) throw new TypeError('underlyingSource must be an object');
      const given = source === undefined ? {} : source, plan = strategy === undefined || strategy === null ? {} : strategy;
      for (const name of ['start', 'pull', 'cancel']) {
        if (given[name] !== undefined && typeof given[name] !== 'function') throw new TypeError(`underlyingSource.[[${name}]] must be a function`);
      }
      if (given.type !== undefined && given.type !== 'bytes') throw new TypeError('invalid underlying source type');
      if (given.type === 'bytes') throw GoError("NotSupportedError:'bytes' stream is not supported yet");
      const mark = plan.highWaterMark === undefined ? 1 : Number(plan.highWaterMark);
      if (!(mark >= 0)) throw new RangeError('highWaterMark must be a non-negative number');
      if (plan.size !== undefined && typeof plan.size !== 'function') throw new TypeError('size must be a function');
      const s = { source: given, pull: given.pull, cancel: given.cancel, size: plan.size, highWaterMark: mark, queue: [], total: 0, state: 'readable' };
      state.set(this, s);
      s.controller = new ReadableStreamDefaultController(this, secret);
      const started = given.start ? given.start.call(given, s.controller) : undefined;
      Promise.resolve(started).then(() => { s.started = true; pull(this); }, (e) => fail(this, e));
    }
    get locked() { return of(this).reader !== undefined; }
    cancel(reason) { return this.locked ? Promise.reject(new TypeError('cannot cancel a locked stream')) : cancel(this, reason); }
    getReader(options) {
      if (options !== undefined && options !== null && options.mode !== undefined) {
        throw options.mode === 'byob' ? GoError("NotSupportedError:'byob' mode is not supported yet") : new TypeError(`invalid mode: ${options.mode}`);
      }
      return new ReadableStreamDefaultReader(this);
    }
  }

  class CountQueuingStrategy {
    constructor(options) { this.highWaterMark = options.highWaterMark; }
    get size() { return () => 1; }
  }

  const streamOf = (chunk) => new ReadableStream({ start(controller) { controller.enqueue(chunk); controller.close(); } });
  const module = { ReadableStream, ReadableStreamDefaultReader, CountQueuingStrategy };
  Object.defineProperty(module, 'streamOf', { value: streamOf, enumerable: false });
  return module;
})()
