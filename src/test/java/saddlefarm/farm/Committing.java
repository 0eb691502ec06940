package saddlefarm.farm;

import java.lang.reflect.Proxy;
import java.util.List;
import saddlefarm.run.Commit;
import saddlefarm.run.RunStore;

/** How a store commits. */
@FunctionalInterface
public interface Committing {

    List<Boolean> commit(List<Commit> commits) throws InterruptedException;

    /** A store that commits so, and does all else as another one. */
    @SuppressWarnings("unchecked") // what a store is called with to commit
    static RunStore store(RunStore other, Committing committing) {
        return (RunStore) Proxy.newProxyInstance(
                RunStore.class.getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, arguments) -> method.getName().equals("commit")
                        ? committing.commit((List<Commit>) arguments[0])
                        : method.invoke(other, arguments));
    }
}
