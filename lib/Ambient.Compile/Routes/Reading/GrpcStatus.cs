using System.Globalization;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Names of gRPC's status codes (grpc/doc/statuscodes.md); the place is the code.</summary>
internal static class GrpcStatus
{
    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public static int? Of(string name)
    {
        int at = Array.FindIndex(Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase) || n.Replace("_", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code < Names.Length ? code : null;
    }
}
