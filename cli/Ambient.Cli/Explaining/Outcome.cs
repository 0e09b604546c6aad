namespace Ambient.Cli.Explaining;

internal enum Outcome
{
    Allow,

    /// <summary>A policy's word.</summary>
    Deny,

    /// <summary>Ours: what should decide or be reached is not there, or the connection is not what it claims.</summary>
    Refuse,

    /// <summary>Plain TCP about which the mesh decides nothing.</summary>
    Passthrough,
}
