(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  if (typeof Chart === 'undefined') {
    return;
  }
  const LIGHT = {
    text: '#414b5a', grid: 'rgba(70, 85, 105, 0.16)', mark: '#6b7585',
    train: '#2f6fbf', validation: '#d9730d', refit: '#7a4fbf', good: '#1f7a4d', bad: '#c43d2b',
    more: ['#2f6fbf', '#d9730d', '#1f7a4d', '#7a4fbf', '#c43d2b', '#0d8f99', '#b0860b', '#b8478f']
  };
  const DARK = {
    text: '#b4bfcc', grid: 'rgba(180, 195, 215, 0.16)', mark: '#93a0b0',
    train: '#6aa8f0', validation: '#f2a35a', refit: '#b493f0', good: '#4abe80', bad: '#f06e5a',
    more: ['#6aa8f0', '#f2a35a', '#4abe80', '#b493f0', '#f06e5a', '#4cc4ce', '#d9b64a', '#e38cc0']
  };
  const darkness = window.matchMedia('(prefers-color-scheme: dark)');
  const charts = [];
  let printing = false;

  function color(theme, role) {
    return role.startsWith('run-')
      ? theme.more[Number(role.slice(4)) % theme.more.length]
      : theme[role] || theme.train;
  }

  function faded(hex, share) {
    const part = (at) => parseInt(hex.slice(at, at + 2), 16);
    return 'rgba(' + part(1) + ', ' + part(3) + ', ' + part(5) + ', ' + share + ')';
  }

  function shortened(text, most) {
    return text.length > most ? text.slice(0, most - 1) + '…' : text;
  }

  function tick(value, index, ticks) {
    return value !== 0 && Math.abs(value) < 1e-4
      ? Number(value.toPrecision(3)).toExponential()
      : Chart.Ticks.formatters.numeric.call(this, value, index, ticks);
  }

  // On a logarithmic axis labels of 1, 2 and 5 do not crowd.
  function sparseTick(value, index, ticks) {
    const first = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    return [1, 2, 5].includes(Number(first.toPrecision(3))) ? Number(value.toPrecision(3)).toString() : '';
  }

  function axis(theme, spec, extra) {
    return Object.assign({
      title: { display: Boolean(spec.label), text: shortened(spec.label || '', 60), color: theme.text },
      ticks: { color: theme.text, maxRotation: 50, autoSkipPadding: 8, callback: spec.logarithmic ? sparseTick : tick },
      grid: { color: theme.grid },
      min: spec.min,
      max: spec.max
    }, extra || {});
  }

  function legend(chart, theme, spec) {
    const dash = (one) => one.style === 'dashes' ? [5, 4] : one.style === 'dots' ? [4, 5] : [];
    return spec.series.map((one, i) => ({
      text: one.name,
      datasetIndex: i,
      hidden: !chart.isDatasetVisible(i),
      fontColor: theme.text,
      fillStyle: color(theme, one.role),
      strokeStyle: color(theme, one.role),
      lineWidth: one.shades ? 0 : one.style === 'dots' ? 4 : 2,
      lineDash: one.shades ? [] : dash(one)
    }));
  }

  function options(theme, spec, scales) {
    const single = spec.series.length === 1;
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      scales: scales,
      interaction: { mode: 'nearest', intersect: false },
      plugins: {
        legend: {
          display: !single,
          // A box of height 0 is a line.
          labels: { boxWidth: 22, boxHeight: 0, generateLabels: (chart) => legend(chart, theme, spec) }
        }
      }
    };
  }

  function plane(theme, spec) {
    const datasets = spec.series.map((one) => {
      const paint = color(theme, one.role);
      const dots = one.style === 'dots';
      const alone = one.points.length === 1;
      return {
        label: one.name,
        data: one.points.map((p) => ({ x: p[0], y: p[1] })),
        showLine: !dots,
        borderColor: paint,
        backgroundColor: dots ? faded(paint, 0.45) : paint,
        borderWidth: 2,
        pointBorderWidth: 0,
        borderDash: one.style === 'dashes' ? [5, 4] : [],
        pointRadius: dots ? 2.5 : one.style === 'dotted-line' || alone ? 3.5 : 0,
        pointHitRadius: 6,
        // Dashes are drawn on top, so that a line below them stays visible.
        order: one.role === 'mark' ? 2 : one.style === 'dashes' ? 0 : 1
      };
    });
    const config = options(theme, spec, {
      x: axis(theme, spec.x, { type: 'linear' }),
      y: axis(theme, spec.y, { type: spec.y.logarithmic ? 'logarithmic' : 'linear' })
    });
    if (spec.x.label.startsWith('epoch') || spec.x.label === 'trial') {
      config.scales.x.ticks.precision = 0;
    }
    return { type: 'scatter', data: { datasets: datasets }, options: config };
  }

  function bars(theme, spec, lying) {
    const labels = (lying ? spec.y : spec.x).labels;
    const datasets = spec.series.map((one) => ({
      label: one.name,
      data: one.values,
      backgroundColor: faded(color(theme, one.role), 0.85),
      categoryPercentage: 0.9,
      barPercentage: 0.95
    }));
    const names = {
      ticks: {
        color: theme.text,
        autoSkip: !lying,
        maxRotation: 50,
        callback: function (value) { return shortened(String(this.getLabelForValue(value)), 26); }
      },
      grid: { display: false }
    };
    const config = options(theme, spec, {
      x: axis(theme, spec.x, lying ? { beginAtZero: true } : names),
      y: axis(theme, spec.y, lying ? names : { beginAtZero: true })
    });
    config.indexAxis = lying ? 'y' : 'x';
    config.interaction = { mode: 'index', axis: lying ? 'y' : 'x', intersect: false };
    config.plugins.legend.labels = { color: theme.text, boxWidth: 12, boxHeight: 12 };
    return { type: 'bar', data: { labels: labels, datasets: datasets }, options: config };
  }

  function heat(theme, spec) {
    const labels = spec.x.labels;
    const datasets = spec.series.map((one) => ({
      label: one.name,
      data: one.points.map((p) => ({ x: p[0], y: p[1] })),
      pointStyle: 'rect',
      pointBackgroundColor: one.shades.map((s) => faded(color(theme, one.role), 0.06 + 0.94 * Math.sqrt(s))),
      pointBorderWidth: 0,
      // A square of Chart.js is √½ of its radius to each side.
      pointRadius: (context) => {
        const area = context.chart.chartArea;
        return area ? Math.min(area.width, area.height) / labels.length / Math.SQRT2 : 3;
      },
      pointHoverRadius: 4,
      shades: one.shades
    }));
    const named = (value) => Number.isInteger(value) && labels[value] !== undefined ? shortened(labels[value], 12) : '';
    const ends = { min: -0.5, max: labels.length - 0.5 };
    const config = options(theme, spec, {
      x: axis(theme, spec.x, Object.assign({ type: 'linear' }, ends)),
      y: axis(theme, spec.y, Object.assign({ type: 'linear', reverse: true }, ends))
    });
    for (const scale of [config.scales.x, config.scales.y]) {
      scale.afterBuildTicks = (built) => { built.ticks = labels.map((label, i) => ({ value: i })); };
      scale.ticks.callback = named;
      scale.grid = { display: false };
    }
    config.plugins.legend.labels = {
      color: theme.text,
      boxWidth: 12,
      boxHeight: 12,
      generateLabels: (chart) => legend(chart, theme, spec)
    };
    config.plugins.tooltip = {
      callbacks: {
        label: (item) => labels[item.parsed.y] + ' predicted as ' + labels[item.parsed.x] + ': '
          + (100 * item.dataset.shades[item.dataIndex]).toFixed(1) + ' % of its rows'
      }
    };
    return { type: 'scatter', data: { datasets: datasets }, options: config };
  }

  function column(index) {
    const one = data.columns[index];
    return {
      kind: 'bars',
      x: { label: one.name, labels: one.labels },
      y: { label: '% of rows with a value' },
      series: [
        { name: 'training', role: 'train', values: one.train },
        { name: data.scored, role: 'validation', values: one.scored }
      ]
    };
  }

  function configuration(spec, theme) {
    switch (spec.kind) {
      case 'bars': return bars(theme, spec, false);
      case 'lying': return bars(theme, spec, true);
      case 'heat': return heat(theme, spec);
      case 'column': return bars(theme, column(spec.column), false);
      default: return plane(theme, spec);
    }
  }

  function draw(entry) {
    if (entry.chart) {
      entry.chart.destroy();
    }
    entry.chart = new Chart(entry.canvas, configuration(entry.spec, theme()));
  }

  function theme() {
    return darkness.matches && !printing ? DARK : LIGHT;
  }

  function frame(spec) {
    return JSON.stringify([spec.x, spec.y, spec.series.map((one) => one.name)]);
  }

  // Keeps hidden series and the tooltip while the series are the same.
  function change(entry, spec) {
    const same = entry.chart && frame(spec) === frame(entry.spec);
    entry.spec = spec;
    entry.canvas.closest('figure').hidden = spec.series.length === 0;
    if (!same) {
      draw(entry);
      return;
    }
    configuration(spec, theme()).data.datasets.forEach((fresh, i) => {
      entry.chart.data.datasets[i].data = fresh.data;
      entry.chart.data.datasets[i].pointRadius = fresh.pointRadius;
    });
    entry.chart.update('none');
  }

  function drawAll() {
    charts.forEach(draw);
  }

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.locale = 'en';
  document.querySelectorAll('canvas[data-chart]').forEach((canvas) => {
    const spec = data.charts[Number(canvas.dataset.chart)];
    if (spec.square) {
      canvas.parentElement.classList.add('square');
    }
    if (spec.kind === 'lying') {
      canvas.parentElement.style.height = Math.max(9, 4 + 1.5 * spec.y.labels.length) + 'rem';
    }
    charts.push({ canvas: canvas, spec: spec });
  });

  const choice = document.getElementById('column');
  if (choice) {
    data.columns.forEach((one, i) => choice.append(new Option(one.name, String(i))));
    choice.value = String(data.first);
    const entry = {
      canvas: document.getElementById('explored'),
      spec: { kind: 'column', column: data.first }
    };
    charts.push(entry);
    choice.addEventListener('change', () => {
      entry.spec = { kind: 'column', column: Number(choice.value) };
      draw(entry);
    });
  }

  drawAll();
  if (data.live) {
    window.showCharts = (specs) => {
      charts.forEach((entry, i) => change(entry, specs[i]));
      document.getElementById('curves').hidden = specs.every((spec) => spec.series.length === 0);
    };
    window.showCharts(data.charts);
  }
  darkness.addEventListener('change', drawAll);
  window.addEventListener('beforeprint', () => { printing = true; drawAll(); });
  window.addEventListener('afterprint', () => { printing = false; drawAll(); });
}());
