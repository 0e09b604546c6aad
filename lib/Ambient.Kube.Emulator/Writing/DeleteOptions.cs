using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>metav1.DeleteOptions, from the body or the query.</summary>
internal sealed record DeleteOptions
{
    /// <summary>Null: the kind's own grace.</summary>
    public long? GraceSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan.</summary>
    public string Propagation { get; init; } = "Background";

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public bool DryRun { get; init; }

    public static async Task<DeleteOptions> ReadAsync(ApiRequest request)
    {
        JsonObject? body = await request.ReadObjectAsync();
        string propagation = body.Text("propagationPolicy") ?? request.Query("propagationPolicy")
            ?? (body.Flag("orphanDependents") ? "Orphan" : "Background");
        if (propagation is not ("Background" or "Foreground" or "Orphan"))
        {
            throw ApiErrors.BadRequest($"invalid propagationPolicy \"{propagation}\": supported values are: Background, Foreground, Orphan");
        }

        return new DeleteOptions
        {
            GraceSeconds = body.Number("gracePeriodSeconds") ?? request.QueryNumber("gracePeriodSeconds"),
            Propagation = propagation,
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
            DryRun = request.IsDryRun || body.Items("dryRun").Any(d => d.Plain() == "All"),
        };
    }
}
