namespace Ambient.Compile.Routes.VirtualServices;

internal static class GatewayNames
{
    /// <summary><c>mesh</c>, <c>namespace/name</c>, or a name of the own namespace.</summary>
    public static string Full(string gateway, string @namespace) =>
        gateway == VirtualServiceSource.Mesh || gateway.Contains('/', StringComparison.Ordinal) ? gateway : $"{@namespace}/{gateway}";
}
