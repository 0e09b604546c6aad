using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Watching;

/// <summary>Reads a watch line by line.</summary>
internal sealed class WatchReader(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    public static async Task<WatchReader> OpenAsync(HttpClient client, string path, CancellationToken ct)
    {
        HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        return new WatchReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(ct)));
    }

    /// <summary>"TYPE name", or null where the watch has ended.</summary>
    public async Task<string?> NextAsync(CancellationToken ct)
    {
        JsonNode? e = await NextEventAsync(ct);
        return e is null ? null : $"{e.Text("type")} {e.Text("object", "metadata", "name")}".Trim();
    }

    public async Task<JsonNode?> NextEventAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        string? line = await lines.ReadLineAsync(limit.Token);
        return line is null ? null : JsonNode.Parse(line);
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }
}
