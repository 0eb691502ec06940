package saddlefarm.http;

import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import java.io.Serial;
import java.util.List;

/** A request that is not answered as asked; the message is for the client. */
final class ApiException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    private ApiException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    static ApiException of(StatusCode status, String detail) {
        return new ApiException(Problem.of(status, detail));
    }

    static ApiException badRequest(String detail) {
        return of(StatusCodes.BAD_REQUEST, detail);
    }

    static ApiException notFound(String detail) {
        return of(StatusCodes.NOT_FOUND, detail);
    }

    static ApiException conflict(String detail) {
        return of(StatusCodes.CONFLICT, detail);
    }

    /** @param candidates ids of which one is meant */
    static ApiException ambiguous(String detail, List<String> candidates) {
        return new ApiException(Problem.of(StatusCodes.CONFLICT, detail, candidates));
    }

    Problem problem() {
        return problem;
    }
}
