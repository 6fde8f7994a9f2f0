import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { serveTasks } from '../../harness/child-tasks.ts';

/**
 * The peer of a tap: two pages on plain Socket.IO. One emits, the server passes it on to the others,
 * the other page paints a square in its next frame. No store, no token, no map of seats.
 */
const BOARD = `<!doctype html>
<meta charset="utf-8"><title>Bare board</title>
<canvas id="board" width="800" height="600"></canvas>
<script src="/socket.io/socket.io.js"></script>
<script>
  const context = document.getElementById('board').getContext('2d');
  const now = () => performance.timeOrigin + performance.now();
  const socket = io({ transports: ['websocket'] });
  let painted = -1;
  window.benchReady = new Promise((resolve) => socket.on('connect', () => resolve(true)));
  window.benchTap = (square) => {
    const sentMs = now();
    socket.emit('tap', square);
    return sentMs;
  };
  // Watched frame by frame like the page of Holdfast: a page that draws all the time and one that
  // is idle get their next frame at different speeds.
  window.benchWatch = (square) => {
    painted = -1;
    window.benchShown = new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const frame = () => port1.postMessage(null);
      port2.onmessage = () => (painted === square ? resolve(now()) : requestAnimationFrame(frame));
      requestAnimationFrame(frame);
    });
  };
  socket.on('tap', (square) => {
    requestAnimationFrame(() => {
      context.fillStyle = square % 2 === 0 ? 'crimson' : 'teal';
      context.fillRect((square % 80) * 10, 10, 9, 9);
      painted = square;
    });
  });
</script>`;

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(BOARD);
});
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('tap', (square: unknown) => socket.broadcast.emit('tap', square));
});

serveTasks({
  listen: async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return address === null || typeof address === 'string' ? 0 : address.port;
  },
});
