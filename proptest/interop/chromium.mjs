// The conversation (conversation.txt) held by a browser, as far as a browser has an API for it. Usage: chromium.mjs ws://127.0.0.1:PORT/
import { chromium } from 'playwright-core';

// Runs in the page: nothing from outside this function exists there.
async function converse(url) {
  const sizes = [0, 1, 125, 126, 65535, 65536];
  const text = (size) => 'aß漢😀'.repeat(Math.floor(size / 10)) + 'x'.repeat(size % 10);
  // The period is prime, so that a lost or doubled block can't go unseen.
  const binary = (size, period = 251) => Uint8Array.from({ length: size }, (_, i) => i % period);

  const next = (target, ...kinds) => new Promise((resolve, reject) => {
    const done = new AbortController();
    const late = setTimeout(() => { done.abort(); reject(new Error('no end in 10 s')); }, 10000);
    for (const kind of kinds)
      target.addEventListener(kind, (event) => { clearTimeout(late); done.abort(); resolve(event); }, { signal: done.signal });
  });

  function same(got, expected, what) {
    if (got !== expected) throw new Error(`${what}: got ${got}, expected ${expected}`);
  }

  async function expectMessage(socket, expected) {
    const event = await next(socket, 'message', 'close');
    if (event.type === 'close') throw new Error(`closed with ${event.code} ${event.reason}`);
    same(typeof event.data, typeof expected, 'kind');
    if (typeof expected === 'string') return same(event.data === expected, true, 'the same text');
    const got = new Uint8Array(event.data);
    same(got.length, expected.length, 'length');
    same(got.findIndex((byte, i) => byte !== expected[i]), -1, 'first wrong byte');
  }

  async function expectClose(socket, code, reason) {
    const event = await next(socket, 'close');
    same(event.code, code, 'code');
    if (reason !== undefined) same(event.reason, reason, 'reason');
    same(event.wasClean, true, 'wasClean');
  }

  const echoed = (message) => (socket) => { socket.send(message); return expectMessage(socket, message); };
  const asks = (question, answer) => (socket) => { socket.send(question); return expectMessage(socket, answer); };
  const cases = {
    'text-utf8': echoed('a ß 漢 😀 \u{10ffff}'),
    ...Object.fromEntries([...sizes, 16777210].map((size) => [`text-${size}`, echoed(text(size))])),
    'binary-every-byte': echoed(binary(256, 256)),
    ...Object.fromEntries([...sizes, 16777216].map((size) => [`binary-${size}`, echoed(binary(size))])),
    'ping-me': asks('ping-me', 'ponged'),
    'frag-me': asks('frag-me', 'fragmented ✓ message'),
    'close-by-client': (socket) => { socket.close(1000, 'done'); return expectClose(socket, 1000); },
    'close-by-server': (socket) => { socket.send('close-me'); return expectClose(socket, 4001, 'bye'); },
  };

  let socket;
  for (const [name, hold] of Object.entries(cases)) {
    try {
      // One connection serves until a case closes or breaks it, so that what a case leaves behind is seen by the next.
      if (socket?.readyState !== WebSocket.OPEN) {
        socket = new WebSocket(url);
        socket.binaryType = 'arraybuffer';
        same((await next(socket, 'open', 'close')).type, 'open', 'connecting');
      }
      await hold(socket);
      await report(`ok ${name}`);
    } catch (error) {
      await report(`FAIL ${name}: ${error.message}`);
      socket.close();
      socket = undefined;
    }
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false, // it can't start as root
  // Nothing but the conversation: a test must not depend on what a browser does in the background.
  args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  await page.exposeFunction('report', (line) => {
    console.log(line);
    if (!line.startsWith('ok')) process.exitCode = 1;
  });
  await page.evaluate(converse, process.argv[2]);
} finally {
  await browser.close();
}
