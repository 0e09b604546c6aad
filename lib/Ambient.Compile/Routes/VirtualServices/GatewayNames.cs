using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.VirtualServices;

internal static class GatewayNames
{
    /// <summary>The Istio Gateway of a full name; for <c>mesh</c> a key that nothing has.</summary>
    public static ObjectKey KeyOf(string gateway)
    {
        int slash = gateway.IndexOf('/', StringComparison.Ordinal);
        return new ObjectKey(KnownKinds.IstioGateway, slash < 0 ? "" : gateway[..slash], gateway[(slash + 1)..]);
    }

    /// <summary><c>mesh</c>, <c>namespace/name</c>, or a name of the own namespace.</summary>
    public static string Full(string gateway, string @namespace) =>
        gateway == VirtualServiceSource.Mesh || gateway.Contains('/', StringComparison.Ordinal) ? gateway : $"{@namespace}/{gateway}";
}
