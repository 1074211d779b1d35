// One socket for the page, however often the bell is drawn; rings that come close together are one.

const GAP_MS = 250;
const LATE_MS = 2000; // a page that is drawn anew hangs the bell up again within this time

let socket, rang, closing, waiting;
let last = 0;

export default function ({ data, setTriggerValue }) {
  rang = () => setTriggerValue("rang", Date.now());
  clearTimeout(closing);
  if (!socket || socket.readyState > WebSocket.OPEN) connect(data.address);
  return () => {
    closing = setTimeout(() => socket.close(), LATE_MS);
  };
}

function connect(address) {
  socket = new WebSocket(location.origin.replace("http", "ws") + address);
  socket.onmessage = () => {
    clearTimeout(waiting);
    waiting = setTimeout(pass, Math.max(0, last + GAP_MS - Date.now()));
  };
}

function pass() {
  last = Date.now();
  rang();
}
