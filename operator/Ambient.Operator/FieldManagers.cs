namespace Ambient.Operator;

/// <summary>Who owns what the operator writes. One for each purpose: servers before 1.22 mix up those of spec and status.</summary>
internal static class FieldManagers
{
    public const string Authority = "ambient-operator-ca";

    public const string Roots = "ambient-operator-roots";

    public const string Status = "ambient-operator-status";
}
