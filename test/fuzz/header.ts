/** What the programs of these tests make use of. */
export const header = `import { Cond, go, Mutex, Once, RWMutex, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, otherwise, select } from "@lockscope/sync/channel";
import { background, withCancel } from "@lockscope/sync/context";
import { Semaphore } from "@lockscope/sync/group";
const mu = new Mutex(), rw = new RWMutex(), wg = new WaitGroup(), ch = new Channel<number>();
const cond = new Cond(mu), once = new Once(), sem = new Semaphore(3);
`;
