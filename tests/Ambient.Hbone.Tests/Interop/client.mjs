// An HBONE client made of Node's http2 module. Talks to the server given in the environment and prints one line of JSON a check.
import http2 from 'node:http2';
import fs from 'node:fs';
import crypto from 'node:crypto';
import { once } from 'node:events';

const { URL: url, DIR: dir } = process.env;
const tls = {
  key: fs.readFileSync(`${dir}/client.key`), cert: fs.readFileSync(`${dir}/client.pem`), ca: fs.readFileSync(`${dir}/roots.pem`),
  minVersion: 'TLSv1.3', ALPNProtocols: ['h2'], checkServerIdentity: () => undefined,
};
const report = (check, value) => console.log(JSON.stringify({ check, value }));

const connect = () => new Promise((resolve, reject) => {
  const session = http2.connect(url, { ...tls, maxSessionMemory: 512, settings: { initialWindowSize: 1 << 20, maxFrameSize: 1 << 18 } });
  session.once('connect', () => resolve(session));
  session.once('error', reject);
});

const open = (session, authority, headers = {}) => {
  const stream = session.request({ ':method': 'CONNECT', ':authority': authority, ...headers });
  stream.on('error', () => {});
  return stream;
};

// Not once(): that fails when the stream ends by an error, which is what is waited for.
const closed = (stream) => new Promise((resolve) => stream.on('close', resolve));

const readAll = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

const echo = async (session, bytes) => {
  const stream = open(session, 'echo:1');
  stream.end(bytes);
  return (await readAll(stream)).equals(bytes);
};

const session = await connect();
report('protocol', session.socket.getProtocol() + ' ' + session.alpnProtocol);

const first = open(session, 'echo:1', { baggage: 'k8s.namespace.name=shop', forwarded: 'for="10.0.0.7:1234"', 'x-odd': 'Größe'.normalize() });
const [answer] = await once(first, 'response');
report('status', answer[':status']);
report('reply-baggage', answer.baggage);
first.end('half');
report('half-close', (await readAll(first)).toString());

report('1 MiB', await echo(session, crypto.randomBytes(1 << 20)));
report('many', (await Promise.all(Array.from({ length: 150 }, (_, i) => echo(session, crypto.randomBytes(1000 + i * 37))))).every(Boolean));
report('four of 8 MiB', (await Promise.all(Array.from({ length: 4 }, () => echo(session, crypto.randomBytes(8 << 20))))).every(Boolean));

const denied = open(session, 'denied:1');
report('denied', (await once(denied, 'response'))[0][':status']);

const resetByServer = open(session, 'reset:1');
await once(resetByServer, 'response');
resetByServer.write('x');
await closed(resetByServer);
report('server reset', resetByServer.rstCode);

const resetByUs = open(session, 'watch:1');
await once(resetByUs, 'response');
resetByUs.close(http2.constants.NGHTTP2_CONNECT_ERROR);
await closed(resetByUs);
const watched = open(session, 'watched:1');
await once(watched, 'response');
report('client reset', (await readAll(watched)).toString());

const closing = await connect();
const last = open(closing, 'echo:1');
await once(last, 'response');
const goaway = once(closing, 'goaway');
open(session, 'drain:1');
const [code] = await goaway;
last.end('after goaway');
report('goaway', code + ' ' + (await readAll(last)).toString());
await once(closing, 'close');
report('closed', true);
session.destroy();
