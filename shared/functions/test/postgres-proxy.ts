import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Between the functions and PostgreSQL: loses what a network may lose. */
export interface PostgresProxy {
  /** Of the database, through here. */
  readonly url: string;
  /** Forwards the next COMMIT, and cuts its connection when the answer comes. */
  loseAnswerToCommit(): void;
  /** Cuts the connection of the next COMMIT, and does not forward it. */
  loseCommit(): void;
  /** As `loseAnswerToCommit`, and refuses all connections from then on, until `comeBack`. */
  vanishDuringCommit(): void;
  comeBack(): void;
  /** Cuts all connections. */
  cut(): void;
  stop(): Promise<void>;
}

/** @param database its URL */
export async function startPostgresProxy(database: string): Promise<PostgresProxy> {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let losing: 'nothing' | 'answer' | 'commit' | 'all' = 'nothing';
  let isGone = false;
  const server = createServer((from) => {
    if (isGone) {
      from.destroy();
      return;
    }
    const to = connect(Number(target.port), target.hostname);
    let cutsAtAnswer = false;
    for (const socket of [from, to]) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        from.destroy();
        to.destroy();
      });
    }
    from.on('data', (data) => {
      if (losing !== 'nothing' && data.includes('COMMIT')) {
        if (losing === 'commit') from.destroy();
        else cutsAtAnswer = true;
        isGone = losing === 'all';
        losing = 'nothing';
      }
      if (!from.destroyed) to.write(data);
    });
    to.on('data', (data) => {
      if (cutsAtAnswer) from.destroy();
      else from.write(data);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(database);
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    vanishDuringCommit: () => {
      losing = 'all';
    },
    comeBack: () => {
      isGone = false;
    },
    loseAnswerToCommit: () => (losing = 'answer'),
    loseCommit: () => (losing = 'commit'),
    cut,
    stop: () => {
      cut();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
