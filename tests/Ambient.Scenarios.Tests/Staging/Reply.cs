using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What curl brought back; <paramref name="ExitCode"/> is curl's, 0 with any HTTP status.</summary>
internal sealed record Reply(int ExitCode, int Status, string Body, string Error)
{
    public bool Ok => ExitCode == 0 && Status == 200;

    /// <summary>What the echo server says of the request: pod, peer, local, headers.</summary>
    public string Echoed(string field)
    {
        try
        {
            return JsonNode.Parse(Body)?[field]?.ToString() ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
