namespace Ambient.Echo.Serving;

/// <summary>Who answers; from the environment that a pod template fills by the downward API.</summary>
internal sealed record ServerIdentity(string Pod, string Namespace, string Node, string Version, string ServiceAccount)
{
    public static ServerIdentity FromEnvironment() => new(
        Read("POD_NAME", Environment.MachineName), Read("POD_NAMESPACE", ""), Read("NODE_NAME", ""), Read("VERSION", "v1"), Read("SERVICE_ACCOUNT", ""));

    private static string Read(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
}
