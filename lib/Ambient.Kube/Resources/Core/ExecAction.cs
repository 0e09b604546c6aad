namespace Ambient.Kube.Resources;

/// <summary>core/v1 ExecAction.</summary>
public sealed record ExecAction
{
    public IReadOnlyList<string> Command { get; init => field = value ?? []; } = [];
}
