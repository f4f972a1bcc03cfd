/// <reference types="vite/client" />
/// <reference types="vuetify" />
