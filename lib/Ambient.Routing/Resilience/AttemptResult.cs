using Ambient.Core.Requests;

namespace Ambient.Routing.Resilience;

/// <summary>What came of one attempt at one endpoint.</summary>
/// <param name="Status">HTTP status that the backend sent; 0 without an answer.</param>
/// <param name="GrpcStatus">Of trailers or trailers-only answers; null for HTTP or when not known yet.</param>
public readonly record struct AttemptResult(AttemptFailure Failure, int Status = 0, int? GrpcStatus = null, IRequestHeaders? Headers = null)
{
    public static AttemptResult Failed(AttemptFailure failure) => new(failure);

    public static AttemptResult Answered(int status, int? grpcStatus = null, IRequestHeaders? headers = null) =>
        new(AttemptFailure.None, status, grpcStatus, headers);
}
