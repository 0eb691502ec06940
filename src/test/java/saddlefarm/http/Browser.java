package saddlefarm.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real Chromium at the built-in page. */
final class Browser implements AutoCloseable {

    private static final List<String> BINARIES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final List<String> DRIVERS = List.of("/usr/bin/chromedriver", "/usr/local/bin/chromedriver");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;

    Browser(Path profile) {
        var options = new ChromeOptions();
        options.setBinary(first(BINARIES).toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=1500,950",
                "--user-data-dir=" + profile);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(first(DRIVERS).toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    /** Named, so that Selenium does not look for it on the network. */
    private static Path first(List<String> files) {
        return files.stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** Opens the page and returns when it shows what the farm has told. */
    void open(String url) {
        driver.get("about:blank"); // so that an address that differs in its fragment alone is loaded anew
        driver.get(url);
        until(() -> "true".equals(script("return document.documentElement.dataset.ready")));
    }

    /** Opens the page of a farm that asks for a token. */
    void openClosed(String url) {
        driver.get(url);
    }

    /** Returns when something is so; fails after a minute, which is long even on a machine that does other things. */
    void until(Supplier<Boolean> condition) {
        new WebDriverWait(driver, Duration.ofMinutes(1), Duration.ofMillis(50))
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .until(unused -> condition.get());
    }

    /** The text of the first element of a selector; empty if there is none. */
    String text(String selector) {
        Object text = script("return document.querySelector(arguments[0])?.innerText ?? ''", selector);
        return String.valueOf(text);
    }

    /** The texts of all elements of a selector. */
    @SuppressWarnings("unchecked") // of strings
    List<String> texts(String selector) {
        return (List<String>) Objects.requireNonNull(
                script("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", selector));
    }

    int count(String selector) {
        return ((Number) Objects.requireNonNull(
                        script("return document.querySelectorAll(arguments[0]).length", selector)))
                .intValue();
    }

    @Nullable
    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What the body of an asynchronous function returns. */
    @Nullable
    Object scriptAsync(String body) {
        return driver.executeAsyncScript("const done = arguments[0]; (async () => {" + body
                + "})().then(done, failure => done(String(failure)))");
    }

    void click(String selector) {
        element(selector).click();
    }

    void type(String selector, CharSequence... keys) {
        element(selector).sendKeys(keys);
    }

    /** Presses keys where the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void clear(String selector) {
        element(selector).sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    /** Of the page; a window cannot be as narrow as a phone. */
    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Which ink the plots have: changes with what they show. */
    String drawn() {
        return String.valueOf(
                script("return [...document.querySelectorAll('#plots canvas')].map(c => c.toDataURL()).join()"));
    }

    /** What the browser complains about, but that a farm which is away does not answer. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("net::ERR_"))
                .toList();
    }

    /** A picture to look at. */
    void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    private WebElement element(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
