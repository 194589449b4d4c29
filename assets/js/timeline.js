// @ts-check
// Time: which year it is, and how it moves. Headless: no page, no drawing, and the clock is passed in.
//
// Called by app.js: atlas.timeline.create({first, last, year, onYear, onPlaying, clock})
//   first, last, year    years; both ends are years of coverage
//   onYear(year)         the year has moved by step, key or play; it may return a promise, and play then waits for it
//   onPlaying(playing)   play began or ended
//   clock                {now() -> ms, wait(ms, call) -> id, cancel(id)}; the page's own where none is given
// -> {set(year), step(by), play, pause, toggle, speed(years a second), loop(on), key(event) -> whether it was ours}
//
// Play takes every year in turn. The next step is due one interval after the last began, but is asked for only once
// that one is done and the page's clock has had a frame: slow drawing slows play down, skips nothing, piles up nothing.
'use strict';
window.atlas = window.atlas || {};

window.atlas.timeline = (() => {
  const KEYS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

  /** The page's clock: a wait ends with a frame, so nothing runs where nothing is drawn. */
  function pageClock() {
    const frames = new Map();
    return {
      now: () => performance.now(),
      wait(ms, call) {
        const id = setTimeout(() => frames.set(id, requestAnimationFrame(() => { frames.delete(id); call(); })), ms);
        return id;
      },
      cancel(id) {
        clearTimeout(id);
        cancelAnimationFrame(frames.get(id));
        frames.delete(id);
      },
    };
  }

  function create({ first, last, year: start, onYear, onPlaying = () => {}, clock = pageClock() }) {
    let year = start;
    let interval = 500; // ms
    let looping = false;
    let playing = false;
    let waiting = null; // id of the clock's wait
    let run = 0; // tells a step of this run of play from one that was paused meanwhile

    const clamp = (value) => Math.min(last, Math.max(first, value));

    function move(to) {
      const next = clamp(to);
      if (next === year) return null;
      year = next;
      return onYear(year);
    }

    function schedule(began) {
      waiting = clock.wait(Math.max(0, began + interval - clock.now()), tick);
    }

    function tick() {
      waiting = null;
      const [began, mine] = [clock.now(), run];
      const drawn = move(year === last ? first : year + 1);
      const next = () => {
        if (!playing || mine !== run) return;
        if (year === last && !looping) pause();
        else schedule(began);
      };
      if (drawn?.then) drawn.then(next, next);
      else next();
    }

    function play() {
      if (playing || first === last) return;
      playing = true;
      run += 1;
      onPlaying(true);
      if (year === last) move(first);
      schedule(clock.now());
    }

    function pause() {
      if (!playing) return;
      playing = false;
      run += 1;
      clock.cancel(waiting);
      waiting = null;
      onPlaying(false);
    }

    const toggle = () => (playing ? pause() : play());

    function step(by) {
      pause();
      move(year + by);
    }

    return {
      set(to) { year = clamp(to); },
      step,
      play,
      pause,
      toggle,
      speed(yearsPerSecond) {
        interval = 1000 / yearsPerSecond;
        if (waiting === null) return;
        clock.cancel(waiting);
        schedule(clock.now());
      },
      loop(on) { looping = on; },
      key({ key }) {
        if (key === ' ') toggle();
        else if (key in KEYS) step(KEYS[key]);
        else return false;
        return true;
      },
    };
  }

  return { create };
})();
