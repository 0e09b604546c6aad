using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>The answer of /version.</summary>
internal static class ServerVersion
{
    public static JsonObject Of(string version)
    {
        string[] parts = version.Split('.');
        return new JsonObject
        {
            ["major"] = parts[0],
            ["minor"] = parts.Length > 1 ? parts[1] : "0",
            ["gitVersion"] = $"v{version}",
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = "roslyn",
            ["platform"] = "linux/amd64",
        };
    }
}
