package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority, by the JDK's keytool. Its keys and all that it signs are RSA. */
final class Authority {

    private static final String PASSWORD = "secret of the tests";
    private static final String SELF = "authority";

    /** What stands before the key of PKCS#1 in PKCS#8, whose length is that of every RSA key of 2048 bits. */
    private static final int PKCS8_HEADER = 26;

    private final Path directory;
    private final Path store;

    /** @param directory for its files; must not exist */
    Authority(Path directory) throws Exception {
        this.directory = Files.createDirectory(directory);
        store = directory.resolve("keys.p12");
        keytool(
                SELF,
                "-dname",
                "CN=saddlefarm-authority",
                "-ext",
                "bc:critical=ca:true",
                "-ext",
                "ku:critical=keyCertSign");
        Files.writeString(
                certificate(), pem("CERTIFICATE", keys().getCertificate(SELF).getEncoded()));
    }

    /** Of itself, as PEM. */
    Path certificate() {
        return directory.resolve("ca.crt");
    }

    /**
     * Makes a certificate as cert-manager does of {@code 53-node-certificate.yaml}: no subject, one alternative name.
     *
     * @param name such as {@code dns:node.example.com}
     * @return the alias of it and its key
     */
    private String sign(String name) throws Exception {
        String alias = "key" + keys().size();
        keytool(
                alias,
                "-signer",
                SELF,
                "-dname",
                "",
                "-ext",
                "san:critical=" + name,
                "-ext",
                "ku:critical=digitalSignature,keyEncipherment",
                "-ext",
                "eku=serverAuth,clientAuth");
        return alias;
    }

    /** A directory as a Secret of cert-manager's: {@code tls.crt}, {@code tls.key} as PKCS#1, {@code ca.crt}. */
    Path issuePkcs1(String name) throws Exception {
        String alias = sign(name);
        byte[] key = key(alias).getEncoded();
        return write(alias, pem("RSA PRIVATE KEY", Arrays.copyOfRange(key, PKCS8_HEADER, key.length)));
    }

    /** The same with a key as PKCS#8. */
    Path issuePkcs8(String name) throws Exception {
        String alias = sign(name);
        return write(alias, pem("PRIVATE KEY", key(alias).getEncoded()));
    }

    /** Of a server with such a name. */
    SSLContext server(String name) throws Exception {
        String alias = sign(name);
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        Certificate[] chain = keys().getCertificateChain(alias);
        own.setKeyEntry(alias, key(alias), PASSWORD.toCharArray(), chain);
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private Path write(String alias, String key) throws IOException, GeneralSecurityException {
        Path issued = Files.createDirectory(directory.resolve(alias));
        Files.writeString(issued.resolve("tls.key"), key);
        Files.writeString(
                issued.resolve("tls.crt"),
                pem("CERTIFICATE", keys().getCertificate(alias).getEncoded()));
        Files.copy(certificate(), issued.resolve("ca.crt"));
        return issued;
    }

    private static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, text);
    }

    private PrivateKey key(String alias) throws IOException, GeneralSecurityException {
        return (PrivateKey) keys().getKey(alias, PASSWORD.toCharArray());
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    /** Makes a key with its certificate. */
    private void keytool(String alias, String... options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor())
                .as(Files.readString(directory.resolve("keytool.log")))
                .isZero();
    }
}
