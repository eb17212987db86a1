import { createConnection } from 'node:net';

/** A line of an answer: a code, and whether more of it follows (BIRD's doc/reply_codes and client/client.c). */
const CODED = /^([0-9]{4})([ -])(.*)$/;

/**
 * Asks bird through the socket that birdc uses: one command, the text that birdc would print. No process is started, so that many
 * fabrics can be asked again and again. Throws where there is no answer within `seconds`.
 */
export function askBird(socket: string, command: string, seconds = 20): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    let rest = '';
    let greeted = false;
    const connection = createConnection(socket);
    connection.setEncoding('utf8');
    const fail = (why: string) => {
      connection.destroy();
      reject(new Error(`${socket}: ${command}: ${why}`));
    };
    const take = (line: string) => {
      const [, code = '', more, text = ''] = CODED.exec(line) ?? [];
      if (more === undefined) lines.push(line.slice(1));
      else if (code !== '0000') lines.push(text);
      if (more !== ' ') return;
      // The greeting is an answer of its own.
      if (!greeted) connection.write(`${command}\n`);
      else {
        connection.destroy();
        resolve(lines.map((one) => `${one}\n`).join(''));
      }
      greeted = true;
    };
    connection.setTimeout(seconds * 1000, () => fail(`no answer within ${seconds} s`));
    connection.on('error', ({ message }) => fail(message));
    connection.on('end', () => fail('it closed the connection'));
    connection.on('data', (piece: string) => {
      const whole = `${rest}${piece}`.split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) take(line);
    });
  });
}
