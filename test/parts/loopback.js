// Preloaded into servers that bind every interface and have no setting for it: they listen on loopback only.
const net = require('net');
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (args[0] && typeof args[0] === 'object' && 'port' in args[0]) {
    args[0] = { ...args[0], host: '127.0.0.1' };
  } else if (/^\d+$/.test(args[0])) {
    const ready = args.find((a) => typeof a === 'function');
    args = [{ port: Number(args[0]), host: '127.0.0.1' }, ...(ready ? [ready] : [])];
  }
  return listen.apply(this, args);
};
