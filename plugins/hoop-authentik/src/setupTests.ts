import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// The first card of a file loads the whole plugin, which takes more than the default second on a busy machine.
configure({ asyncUtilTimeout: 15_000 });
jest.setTimeout(30_000);
