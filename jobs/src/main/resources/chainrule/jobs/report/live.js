(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const title = document.title;
  const place = (id) => document.getElementById(id);
  const PAUSE = 1000;
  let lastHeard = new Date();
  let timer = 0;

  function element(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  function show(run) {
    lastHeard = new Date();
    place('sentence').textContent = run.sentence;
    place('progress').value = run.done;
    place('tiles').replaceChildren(...run.tiles.map((tile) => {
      const box = document.createElement('div');
      box.append(element('dt', tile[0]), element('dd', tile[1]));
      return box;
    }));
    place('faults').replaceChildren(...run.faults.map((text) => {
      const box = element('div', '');
      box.className = 'finding warning';
      box.append(element('h3', 'Recovered'), element('p', text));
      return box;
    }));
    const over = run.end !== 'not-yet';
    place('live').classList.toggle('failed', run.end === 'failed');
    document.title = (over ? '' : Math.floor(100 * run.done) + ' % · ') + title;
    if (window.showCharts) {
      window.showCharts(run.charts);
    }
  }

  function ask() {
    clearTimeout(timer);
    fetch(data.live.url, { cache: 'no-store' })
      .then((answer) => answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText)))
      .then((run) => {
        show(run);
        place('contact').textContent = run.end === 'not-yet' ? '' : 'The run has ended. This is its last state.';
        if (run.end === 'done-with-report') {
          window.location.replace(data.live.report);
        } else if (run.end === 'not-yet') {
          timer = setTimeout(ask, PAUSE);
        }
      })
      .catch(() => {
        place('contact').textContent = 'No answer since ' + lastHeard.toLocaleTimeString()
          + ': the run has ended, or the network is down. This is the last known state.';
        timer = setTimeout(ask, 2 * PAUSE);
      });
  }

  // Browsers throttle hidden pages to one request a minute. Update at once when the page is visible again.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && timer) {
      ask();
    }
  });
  ask();
}());
