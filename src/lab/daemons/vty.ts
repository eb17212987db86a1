import { createConnection } from 'node:net';

/** What ends an answer: three NUL octets, and one that says how it went (FRR lib/vty.c `vtysh_write`). */
const END = Buffer.from([0, 0, 0]);

/**
 * Asks an FRR daemon through the socket that vtysh uses: one command, its whole answer. No process is started, so that forty
 * hosts can be asked again and again. Throws where the daemon does not answer within `seconds`.
 */
export function askVty(socket: string, command: string, seconds = 20): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const connection = createConnection(socket);
    const fail = (why: string) => {
      connection.destroy();
      reject(new Error(`${socket}: ${command}: ${why}`));
    };
    connection.setTimeout(seconds * 1000, () => fail(`no answer within ${seconds} s`));
    connection.on('connect', () => connection.write(`${command}\0`));
    connection.on('error', ({ message }) => fail(message));
    connection.on('end', () => fail('it closed the connection'));
    connection.on('data', (piece) => {
      pieces.push(piece);
      const tail = Buffer.concat(pieces.slice(-2)).subarray(-4);
      if (tail.length < 4 || !tail.subarray(0, 3).equals(END)) return;
      const whole = Buffer.concat(pieces);
      connection.destroy();
      resolve(whole.subarray(0, -4).toString('utf8'));
    });
  });
}
