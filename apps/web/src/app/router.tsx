import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
  redirect,
} from '@tanstack/react-router';
import { csrfHeader } from '../api/csrf.ts';
import { ApiError } from '../api/error.ts';
import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { sessionState } from '../api/session.ts';
import { openAhead } from '../entities/study/prefetch.ts';
import { studyQuery } from '../entities/study/queries.ts';
import { isOhif, safeNext } from '../routing/nav.ts';
import * as params from '../routing/search-params.ts';
import { NotFound } from '../ui/not-found.tsx';
import { PagePending, RouteError } from './fallbacks.tsx';
import { pagePart } from './page-part.ts';
import { Root } from './root.tsx';

const page = <N extends string, T extends Record<N, RouteComponent>>(importer: () => Promise<T>, name: N) =>
  lazyRouteComponent(() => pagePart(importer), name);

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: RouteError });
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: params.loginSearch,
  // The session outlives the access token, and OHIF's address comes here when that one has ended: the server is asked before the person.
  beforeLoad: async ({ search, cause, location }) => {
    // A link for a password is followed whoever is signed in here.
    if (location.hash.startsWith('password=')) return;
    if (cause === 'preload' || sessionState() === 'signed-out' || Object.keys(csrfHeader()).length === 0) return;
    const isSignedIn = await queryClient.ensureQueryData(meQuery).then(
      () => true,
      () => false,
    );
    if (!isSignedIn) return;
    const address = safeNext(search.next);
    if (!isOhif(address)) throw redirect({ href: address, replace: true });
    window.location.replace(address);
    await new Promise(() => undefined);
  },
  component: page(() => import('./login-again.tsx'), 'LoginAgain'),
});
const app = createRoute({
  getParentRoute: () => root,
  path: '/app',
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
        throw redirect({ to: '/login', search: location.href === '/app' ? {} : { next: location.href } });
      }
      throw error;
    }
  },
  component: page(() => import('./shell.tsx'), 'Shell'),
  notFoundComponent: NotFound,
});
const parent = { getParentRoute: () => app };
const dashboard = createRoute({
  ...parent,
  path: '/',
  component: page(() => import('../features/dashboard/dashboard-page.tsx'), 'DashboardPage'),
});
const patients = createRoute({
  ...parent,
  path: 'patients',
  validateSearch: params.patientSearch,
  component: page(() => import('../features/patients/patients-page.tsx'), 'PatientsPage'),
});
const patient = createRoute({
  ...parent,
  path: 'patients/$id',
  component: page(() => import('../features/patients/patient-page.tsx'), 'PatientPage'),
});
const consultations = createRoute({
  ...parent,
  path: 'consultations',
  validateSearch: params.consultationSearch,
  component: page(() => import('../features/consultations/consultations-page.tsx'), 'ConsultationsPage'),
});
const consultation = createRoute({
  ...parent,
  path: 'consultations/$id',
  component: page(() => import('../features/consultations/consultation-page.tsx'), 'ConsultationPage'),
});
const worklist = createRoute({
  ...parent,
  path: 'worklist',
  validateSearch: params.studySearch,
  component: page(() => import('../features/worklist/worklist-page.tsx'), 'WorklistPage'),
});
const predictions = createRoute({
  ...parent,
  path: 'predictions',
  validateSearch: params.predictionSearch,
  component: page(() => import('../features/predictions/predictions-page.tsx'), 'PredictionsPage'),
});
const statistics = createRoute({
  ...parent,
  path: 'statistics',
  validateSearch: params.statisticsSearch,
  component: page(() => import('../features/statistics/statistics-page.tsx'), 'StatisticsPage'),
});
const study = createRoute({
  ...parent,
  path: 'studies/$studyInstanceUid',
  validateSearch: params.viewerSearch,
  loaderDeps: ({ search: { groupId, series } }) => ({ groupId, series }),
  loader: ({ params: { studyInstanceUid }, deps, cause }) => {
    if (cause !== 'enter') return;
    openAhead(studyInstanceUid, deps.groupId, deps.series);
    // What is said above the images is here before they are drawn, and moves nothing.
    void queryClient.prefetchQuery({ ...studyQuery(studyInstanceUid, deps.groupId), retry: false });
  },
  component: page(() => import('../features/worklist/study-page.tsx'), 'StudyPage'),
});
const imports = createRoute({
  ...parent,
  path: 'import',
  validateSearch: params.importSearch,
  component: page(() => import('../features/import/import-page.tsx'), 'ImportPage'),
});
const archives = createRoute({
  ...parent,
  path: 'archives',
  component: page(() => import('../features/archives/archives-page.tsx'), 'ArchivesPage'),
});
const deidentification = createRoute({
  ...parent,
  path: 'deidentification',
  component: page(() => import('../features/deidentification/deidentification-page.tsx'), 'DeidentificationPage'),
});
const shares = createRoute({
  ...parent,
  path: 'shares',
  validateSearch: params.sharesSearch,
  component: page(() => import('../features/shares/shares-page.tsx'), 'SharesPage'),
});
const held = createRoute({
  ...parent,
  path: 'deidentification/$id',
  component: page(() => import('../features/deidentification/held/held-page.tsx'), 'HeldPage'),
});
const report = createRoute({
  ...parent,
  path: 'imports/$id',
  component: page(() => import('../features/import/report-page.tsx'), 'ReportPage'),
});
const conflicts = createRoute({
  ...parent,
  path: 'conflicts',
  validateSearch: params.conflictSearch,
  component: page(() => import('../features/conflicts/conflicts-page.tsx'), 'ConflictsPage'),
});
const identities = createRoute({
  ...parent,
  path: 'identity-review',
  component: page(() => import('../features/conflicts/identity-page.tsx'), 'IdentityPage'),
});
const trash = createRoute({
  ...parent,
  path: 'trash',
  component: page(() => import('../features/patients/trash-page.tsx'), 'TrashPage'),
});
const profile = createRoute({
  ...parent,
  path: 'profile',
  component: page(() => import('../features/profile/profile-page.tsx'), 'ProfilePage'),
});
const users = createRoute({
  ...parent,
  path: 'admin/users',
  validateSearch: params.usersSearch,
  component: page(() => import('../features/admin/users-page.tsx'), 'UsersPage'),
});
const groups = createRoute({
  ...parent,
  path: 'admin/groups',
  component: page(() => import('../features/admin/groups-page.tsx'), 'GroupsPage'),
});
const access = createRoute({
  ...parent,
  path: 'admin/access',
  component: page(() => import('../features/admin/access/access-page.tsx'), 'AccessPage'),
});
const reports = createRoute({
  ...parent,
  path: 'admin/reports',
  component: page(() => import('../features/admin/reports-page.tsx'), 'ReportsPage'),
});
const retention = createRoute({
  ...parent,
  path: 'admin/retention',
  component: page(() => import('../features/admin/retention-page.tsx'), 'RetentionPage'),
});
const audit = createRoute({
  ...parent,
  path: 'admin/audit',
  validateSearch: params.auditSearch,
  component: page(() => import('../features/admin/audit-page.tsx'), 'AuditPage'),
});
const models = createRoute({
  ...parent,
  path: 'admin/models',
  component: page(() => import('../features/predictions/models-page.tsx'), 'ModelsPage'),
});
const nodes = createRoute({
  ...parent,
  path: 'admin/nodes',
  component: page(() => import('../features/admin/nodes-page.tsx'), 'NodesPage'),
});
const system = createRoute({
  ...parent,
  path: 'admin/system',
  component: page(() => import('../features/admin/system-page.tsx'), 'SystemPage'),
});

const tree = root.addChildren([
  login,
  app.addChildren([
    dashboard,
    patients,
    patient,
    consultations,
    consultation,
    worklist,
    predictions,
    statistics,
    study,
    imports,
    archives,
    deidentification,
    held,
    shares,
    report,
    conflicts,
    identities,
    trash,
    profile,
    users,
    groups,
    access,
    reports,
    audit,
    retention,
    models,
    nodes,
    system,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPreloadDelay: 40,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 300,
  defaultErrorComponent: RouteError,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
