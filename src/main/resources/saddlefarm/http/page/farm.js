// The farm: what is asked of it, and what it tells by itself.

const TOKEN = "saddlefarm-token";
const SILENCE = 30_000; // the farm says something every ten seconds

/** The farm does not answer, as whoever follows it is told, too. */
export class Away extends Error {}

/** A document of the API. Waits for a token where the farm asks for one. */
export async function read(path) {
  try {
    return await (await ask(path)).json();
  } catch (failure) {
    throw failure instanceof TypeError ? new Away(failure.message) : failure; // a TypeError is fetch's word for it
  }
}

/**
 * Follows the event stream for ever, from where it was interrupted.
 *
 * @param query of the stream; called for each connection
 * @param handler {event(name, data), history(): everything is told anew, live(): the history is over, away()}
 * @returns {again()} to follow another query
 */
export function follow(query, handler) {
  let connection = new AbortController();
  let cursor = "";
  (async () => {
    for (;;) {
      connection = new AbortController();
      const silence = watch(connection);
      try {
        const parameters = query();
        parameters.append("after", cursor);
        const response = await ask(`events?${parameters}`, connection.signal);
        let begun = false;
        for await (const event of events(response.body, silence.reset)) {
          if (!begun && !(cursor && event.id === cursor)) tell(() => handler.history()); // else it goes on where it was
          begun = true;
          if (event.name === "live") tell(() => handler.live());
          else tell(() => handler.event(event.name, JSON.parse(event.data)));
          cursor = event.id || cursor;
        }
      } catch (failure) {
        if (connection.signal.reason === "again") {
          continue;
        }
      } finally {
        silence.end();
      }
      tell(() => handler.away());
      await new Promise(done => setTimeout(done, 1000));
    }
  })();
  return { again: () => connection.abort("again") };
}

/** A defect of the page goes to the console, and what follows is heard all the same. */
function tell(handle) {
  try {
    handle();
  } catch (defect) {
    reportError(defect);
  }
}

/** Ends a connection that says nothing for long: it may be dead without anybody having said so. */
function watch(connection) {
  let timer;
  const reset = () => {
    clearTimeout(timer);
    timer = setTimeout(() => connection.abort("silent"), SILENCE);
  };
  reset();
  return { reset, end: () => clearTimeout(timer) };
}

/** The events of a stream (HTML Living Standard, section 9.2), as far as the farm uses them. */
async function* events(body, heard) {
  let rest = "";
  for await (const piece of pieces(body.pipeThrough(new TextDecoderStream()).getReader())) {
    heard();
    const blocks = (rest + piece).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { name: "", id: "", data: "" };
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        else if (line.startsWith("id: ")) event.id = line.slice(4);
        else if (line.startsWith("data: ")) event.data = line.slice(6);
      }
      if (event.data) yield event;
    }
  }
}

// Not every browser lets a stream itself be walked.
async function* pieces(reader) {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function ask(path, signal) {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN);
    const response = await fetch(`api/v1/${path}`, {
      signal,
      cache: "no-store",
      headers: token ? { Authorization: `Bearer ${token}` } : {},
    });
    if (response.ok) return response;
    if (response.status !== 401) {
      const problem = await response.json().catch(() => ({}));
      throw new Error(problem.detail ?? response.statusText);
    }
    await askForToken(token !== null && token === sessionStorage.getItem(TOKEN));
  }
}

let asking = null;

function askForToken(refused) {
  asking ??= new Promise(done => {
    const dialog = document.getElementById("token-dialog");
    document.getElementById("token-refused").hidden = !refused;
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(TOKEN, document.getElementById("token").value.trim());
      asking = null;
      done();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}
