using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Mesh;

internal static partial class MeshLog
{
    [LoggerMessage(310, LogLevel.Information, "Last state of the mesh is in force until the operator says otherwise: {Workloads} workloads, {Services} services, {Policies} policies, {Enrolments} enrolments", EventName = "MeshRemembered")]
    internal static partial void Remembered(ILogger logger, int workloads, int services, int policies, int enrolments);

    [LoggerMessage(311, LogLevel.Error, "Kept state {File} is not used: {Reason}", EventName = "MeshNotRemembered")]
    internal static partial void NotRemembered(ILogger logger, string file, string reason);

    [LoggerMessage(312, LogLevel.Error, "Of kept state {File} only the enrolments are used, captured pods are refused until the operator says: {Reason}", EventName = "MeshKeptInPart")]
    internal static partial void KeptInPart(ILogger logger, string file, string reason);

    [LoggerMessage(313, LogLevel.Error, "State of the mesh cannot be kept in {File}: {Reason}", EventName = "MeshNotKept")]
    internal static partial void NotKept(ILogger logger, string file, string reason);

    [LoggerMessage(314, LogLevel.Warning, "Certificates are not kept over a restart: {Reason}", EventName = "CertificatesNotKept")]
    internal static partial void CertificatesNotKept(ILogger logger, string reason);

    [LoggerMessage(315, LogLevel.Information, "{Count} certificates of an earlier process are still valid and serve until they are renewed", EventName = "CertificatesRemembered")]
    internal static partial void CertificatesRemembered(ILogger logger, int count);
}
