"""The toy program of the tests, as a package from elsewhere: `KOTACERDAS_PROGRAMS=iceta,gopal,lada,toy.library`."""
