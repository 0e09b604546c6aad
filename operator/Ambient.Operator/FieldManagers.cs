namespace Ambient.Operator;

/// <summary>Who owns what the operator writes. One for each purpose: servers before 1.22 mix up those of spec and status.</summary>
internal static class FieldManagers
{
    public const string Authority = "ambient-operator-ca";

    public const string Roots = "ambient-operator-roots";

    public const string Gateways = "ambient-operator-gateways";

    /// <summary>Apart from the rest of a Deployment: autoscalers and people take the number of pods over.</summary>
    public const string Replicas = "ambient-operator-replicas";

    public const string Status = "ambient-operator-status";
}
