import { render } from 'preact';
import { App } from './app.ts';
import { h } from './html.ts';
import { startLive } from './live.ts';
import { followLinks } from './route.ts';
import { applyTheme } from './theme.ts';

applyTheme();
followLinks();
startLive();
const root = document.getElementById('app');
if (root) render(h(App, {}), root);
