package saddlefarm.linalg;

import org.jspecify.annotations.Nullable;

/** OpenBLAS where this machine has it: its libraries are unpacked and loaded when the first run asks for it. */
final class OpenBlas {

    private static final @Nullable Kernels KERNELS;
    private static final @Nullable String WHY_NOT;

    static {
        @Nullable Kernels kernels = null;
        @Nullable String whyNot = null;
        try {
            kernels = new OpenBlasKernels();
        } catch (LinkageError e) {
            whyNot = rootMessage(e);
        }
        KERNELS = kernels;
        WHY_NOT = whyNot;
    }

    private OpenBlas() {}

    /** @throws UnsupportedOperationException where it cannot be loaded */
    static Kernels kernels() {
        if (KERNELS == null) {
            throw new UnsupportedOperationException("OpenBLAS cannot be loaded on this machine (%s, %s): %s"
                    .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), WHY_NOT));
        }
        return KERNELS;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
