namespace Ambient.Core.Routes;

/// <param name="Percentage">0 to 100; fractions down to 0.0001 count.</param>
/// <param name="Status">HTTP status; 200 when <paramref name="GrpcStatus"/> is set.</param>
/// <param name="GrpcStatus">gRPC code, null for HTTP.</param>
public sealed record FaultAbort(double Percentage, int Status, int? GrpcStatus = null);
