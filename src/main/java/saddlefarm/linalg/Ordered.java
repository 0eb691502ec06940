package saddlefarm.linalg;

import java.lang.reflect.InvocationTargetException;

/** Which ordered kernels this JVM has: those on vectors where it was started with their module. */
final class Ordered {

    static final Kernels KERNELS = choose();

    private Ordered() {}

    private static Kernels choose() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new ScalarKernels();
        }
        try {
            // By name, because the compiler sees their module only when it compiles them.
            return Class.forName("saddlefarm.linalg.SimdKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (InvocationTargetException e) {
            throw new ExceptionInInitializerError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
