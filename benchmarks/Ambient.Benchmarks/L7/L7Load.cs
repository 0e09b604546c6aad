using Ambient.Benchmarks.Load;

namespace Ambient.Benchmarks.L7;

/// <summary>What is sent in one measurement.</summary>
/// <param name="Protocol"><c>http1</c>, <c>http2</c> or <c>grpc</c>.</param>
/// <param name="Connections">Each with one request at a time.</param>
internal sealed record L7Load(string Protocol, int Connections)
{
    public static IReadOnlyList<L7Load> All { get; } =
        [new("http1", 1), new("http1", 64), new("http2", 1), new("http2", 64), new("grpc", 1), new("grpc", 64)];

    public string Name => $"{Protocol}_{Connections}";

    /// <summary>Where a contender takes it; null where it cannot.</summary>
    public string? TargetOf(IHttpContender contender) => Protocol switch
    {
        "http1" => contender.Target,
        "http2" => contender.Http2Target,
        _ => contender.GrpcTarget,
    };

    public Task<WrkResult> RunAsync(IHttpContender contender, int seconds, CancellationToken ct) => Protocol == "http1"
        ? Wrk.RunAsync(contender.ClientHost, contender.Target, Connections, seconds, close: false, ct)
        : Http2Load.RunAsync(contender.ClientHost, TargetOf(contender)!, Connections, seconds, Protocol == "grpc", ct);
}
