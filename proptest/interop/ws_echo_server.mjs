// Echo server on npm's ws. It prints `listening <port>`, and `FAIL …` when a client closes badly.
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const server = new WebSocketServer({
  host: '127.0.0.1', port: Number(values.port), perMessageDeflate: false, maxPayload: 32 << 20,
});

function sendFragmented(socket) {
  const bytes = Buffer.from('fragmented ✓ message');
  const cuts = [0, 4, 12, 16, bytes.length]; // 12 lies within the three bytes of ✓
  for (let i = 0; i + 1 < cuts.length; ++i)
    socket.send(bytes.subarray(cuts[i], cuts[i + 1]), { binary: false, fin: i + 2 === cuts.length });
}

function answer(socket, data, isBinary) {
  switch (isBinary ? undefined : data.toString()) {
    case 'close-me': return socket.close(4001, 'bye');
    case 'ping-me':
      socket.once('pong', (payload) => socket.send(payload.toString() === 'are you there?' ? 'ponged' : `pong with ${payload}`));
      return socket.ping('are you there?');
    case 'frag-me': return sendFragmented(socket);
    default: return socket.send(data, { binary: isBinary });
  }
}

server.on('connection', (socket) => {
  let closing = false;
  socket.on('message', (data, isBinary) => {
    closing ||= !isBinary && data.length === 8 && data.toString() === 'close-me';
    answer(socket, data, isBinary);
  });
  socket.on('error', (error) => console.log(`FAIL connection: ${error.message}`));
  socket.on('close', (code) => {
    if (code === 1006) console.log('FAIL connection: it ended without a close frame');
    else if (closing && code !== 4001) console.log(`FAIL close-me: sent 4001, the client answered ${code}`);
  });
});
server.on('listening', () => console.log(`listening ${server.address().port}`));
