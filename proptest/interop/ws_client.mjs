// The conversation (conversation.txt) held by npm's ws. Usage: ws_client.mjs ws://127.0.0.1:PORT/
import { once } from 'node:events';
import WebSocket from 'ws';

const sizes = [0, 1, 125, 126, 65535, 65536];

function text(size) {
  const unit = 'aß漢😀'; // 1, 2, 3 and 4 bytes
  return unit.repeat(Math.floor(size / 10)) + 'x'.repeat(size % 10);
}

// The period is prime, so that a lost or doubled block can't go unseen.
const binary = (size) => Buffer.alloc(size, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));

function same(got, expected, what) {
  if (got !== expected) throw new Error(`${what}: got ${got}, expected ${expected}`);
}

async function reply(socket) {
  const done = new AbortController(); // whichever of the two doesn't happen must not go on listening
  const { signal } = done;
  const closed = once(socket, 'close', { signal }).then(([code, reason]) => { throw new Error(`closed with ${code} ${reason}`); });
  try {
    return await Promise.race([once(socket, 'message', { signal }), closed]);
  } finally {
    closed.catch(() => {});
    done.abort();
  }
}

async function expect(socket, message, isBinary) {
  const [data, gotBinary] = await reply(socket);
  same(gotBinary, isBinary, 'binary');
  same(data.length, message.length, 'length');
  same(data.equals(message), true, 'the same bytes');
}

const echoed = (message) => (socket) => {
  socket.send(message);
  return expect(socket, Buffer.from(message), typeof message !== 'string');
};

async function pinged(socket, payload) {
  socket.ping(payload);
  const [got] = await once(socket, 'pong');
  same(got.toString(), payload, 'pong');
}

const fragmented = (parts, isBinary) => async (socket) => {
  for (const [i, part] of parts.entries()) {
    // A pong may not wait for the end of the message that its ping interrupts (RFC 6455 §5.5.2).
    if (i) await pinged(socket, `between ${i}`);
    socket.send(part, { binary: isBinary, fin: i + 1 === parts.length });
  }
  await expect(socket, Buffer.concat(parts), isBinary);
};

async function ping(socket) {
  for (const payload of ['', 'with payload', 'x'.repeat(125)]) await pinged(socket, payload);
}

const asks = (question, expected) => (socket) => {
  socket.send(question);
  return expect(socket, Buffer.from(expected), false);
};

async function closes(socket, code, reason) {
  const [gotCode, gotReason] = await once(socket, 'close');
  same(gotCode, code, 'code');
  if (reason !== undefined) same(gotReason.toString(), reason, 'reason');
}

// The cuts fall inside code points: a fragment of a text need not be valid UTF-8 alone (RFC 6455 §5.6).
const letters = Buffer.from('one ß, two 漢, four 😀');
const cases = {
  'text-utf8': echoed('a ß 漢 😀 \u{10ffff}'),
  ...Object.fromEntries([...sizes, 16777210].map((size) => [`text-${size}`, echoed(text(size))])),
  'binary-every-byte': echoed(Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
  ...Object.fromEntries([...sizes, 16777216].map((size) => [`binary-${size}`, echoed(binary(size))])),
  'fragmented-text': fragmented([letters.subarray(0, 5), letters.subarray(5, 13), Buffer.alloc(0), letters.subarray(13)], false),
  'fragmented-binary': fragmented([binary(3), binary(70000), Buffer.alloc(0), binary(125)], true),
  'ping': ping,
  'ping-me': asks('ping-me', 'ponged'),
  'frag-me': asks('frag-me', 'fragmented ✓ message'),
  'close-by-client': (socket) => { socket.close(1000, 'done'); return closes(socket, 1000); },
  'close-by-server': (socket) => { socket.send('close-me'); return closes(socket, 4001, 'bye'); },
};

async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 32 << 20 });
  await once(socket, 'open');
  socket.on('error', (error) => console.log(`# ${error.message}`)); // the close that follows fails the case
  return socket;
}

function within(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no end in ${seconds} s`)), seconds * 1000); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let socket;
for (const [name, hold] of Object.entries(cases)) {
  try {
    // One connection serves until a case closes or breaks it, so that what a case leaves behind is seen by the next.
    if (socket?.readyState !== WebSocket.OPEN) socket = await within(5, connect(process.argv[2]));
    await within(10, hold(socket));
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`FAIL ${name}: ${error.message}`);
    process.exitCode = 1;
    socket?.terminate();
  }
}
