package saddlefarm.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes connections to another address of this machine on to the same port of the loopback address. */
final class Forwarder implements AutoCloseable {

    private final ServerSocket socket;

    Forwarder(String host, int port) throws IOException {
        socket = new ServerSocket(port, 0, InetAddress.getByName(host));
        begin(this::accept);
    }

    /** The address that connections are taken at. */
    String host() {
        return socket.getInetAddress().getHostAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket near = socket.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), socket.getLocalPort());
                begin(() -> pass(near, far));
                begin(() -> pass(far, near));
            } catch (IOException e) {
                // Either this is closed, or who asked is not answered and asks again.
            }
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side is gone, and so the other goes.
        }
    }

    private static void begin(Runnable work) {
        var thread = new Thread(work, "forwarder");
        thread.setDaemon(true);
        thread.start();
    }
}
