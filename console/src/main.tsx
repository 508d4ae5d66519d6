// Where the page begins: draws the shell into #root; an error of a screen is shown with what to do.
import { Component, type ReactElement, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Notice } from './ui/notice.tsx';
import { firstLang, LANGS } from './words/words.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/queue.css';
import './styles/proposal.css';
import './styles/insight.css';

/** React tells errors of drawing only to a class. */
class Fallback extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Broken /> : this.props.children;
  }
}

const Broken = (): ReactElement => {
  const words = LANGS[firstLang()];
  return (
    <main id="content" className="alone">
      <Notice title={words.trouble.broken}>
        <p>{words.trouble.brokenHint}</p>
        <a href={window.location.pathname}>{words.trouble.retry}</a>
      </Notice>
    </main>
  );
};

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Fallback>
        <App />
      </Fallback>
    </StrictMode>,
  );
}
