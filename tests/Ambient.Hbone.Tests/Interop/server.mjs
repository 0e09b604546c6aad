// An HBONE server made of Node's http2 module. Prints its port, then serves until its input ends.
import http2 from 'node:http2';
import fs from 'node:fs';

const { DIR: dir } = process.env;
const server = http2.createSecureServer({
  key: fs.readFileSync(`${dir}/server.key`), cert: fs.readFileSync(`${dir}/server.pem`), ca: fs.readFileSync(`${dir}/roots.pem`),
  maxSessionMemory: 512, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3', allowHTTP1: false,
});

server.on('session', (session) => session.on('error', () => {}));
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  if (headers[':method'] !== 'CONNECT') return stream.respond({ ':status': 400 }, { endStream: true });
  switch (headers[':authority']) {
    case 'denied:1':
      return stream.respond({ ':status': 401 }, { endStream: true });
    case 'reset:1':
      stream.respond({ ':status': 200 });
      return stream.once('data', () => stream.close(http2.constants.NGHTTP2_CONNECT_ERROR));
    case 'goaway:1':
      stream.respond({ ':status': 200 });
      stream.session.goaway(0);
      return stream.pipe(stream);
    case 'headers:1':
      stream.respond({ ':status': 200, baggage: 'service.name=node' });
      return stream.end(JSON.stringify({ baggage: headers.baggage, forwarded: headers.forwarded, peer: stream.session.socket.getPeerCertificate().subjectaltname }));
    default:
      stream.respond({ ':status': 200 });
      return stream.pipe(stream);
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
