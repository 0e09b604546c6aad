using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>How a write was asked for: by which field manager, how strict about unknown fields, whether for real.</summary>
internal sealed record WriteContext
{
    public required string Manager { get; init; }

    /// <summary>"Apply" or "Update" (managedFields operation).</summary>
    public string Operation { get; init; } = "Update";

    /// <summary>"" or "status" or "scale".</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Strict, Warn or Ignore.</summary>
    public string FieldValidation { get; init; } = "Ignore";

    public bool DryRun { get; init; }

    public Action<string> Warn { get; init; } = static _ => { };

    public static WriteContext Internal(string manager = "kube-controller-manager") => new() { Manager = manager };

    public static WriteContext Of(ApiRequest request) => new()
    {
        Manager = request.FieldManager,
        Subresource = request.Path.Subresource,
        FieldValidation = request.FieldValidation,
        DryRun = request.IsDryRun,
        Warn = request.Warn,
    };
}
