using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using Jint.Runtime.Modules;
using K6.Embedded.Execution;
using K6.Embedded.Modules;

namespace K6.Embedded.Runtime;

/// <summary>Gives a VU its modules: files, k6's own, and CommonJS with <c>require</c>.</summary>
internal sealed class ModuleHost(ScriptProgram program) : IModuleLoader
{
    /// <summary>With what k6 rejects <c>import()</c>.</summary>
    public const string NoDynamicImport = "dynamic modules not enabled in the host program";

    private readonly Dictionary<string, ObjectInstance> builtins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectInstance> commonJs = new(StringComparer.Ordinal);
    private readonly HashSet<string> registered = new(StringComparer.Ordinal);
    private VuRealm realm = null!;
    private bool isRequiring;

    /// <summary>The files that run now, innermost last: <c>open</c> and <c>require</c> resolve against the last.</summary>
    public Stack<string> Running { get; } = new();

    /// <summary>The file whose code runs: where <c>open</c> and <c>require</c> begin.</summary>
    public string CurrentUrl => Running.Count > 0 ? Running.Peek() : program.EntryUrl;

    /// <summary>Ties the host to its realm; once, before any module is loaded.</summary>
    public void Attach(VuRealm owner) => realm = owner;

    /// <inheritdoc/>
    public ResolvedSpecifier Resolve(string? referencingModuleLocation, ModuleRequest moduleRequest)
    {
        if (!realm.InInit && !isRequiring)
        {
            // What a script imports was resolved in init code: this is import() in a text that was made at run time.
            throw new JavaScriptException(new JsString(NoDynamicImport));
        }

        var specifier = moduleRequest.Specifier;
        if (ScriptProgram.IsBuiltin(specifier))
        {
            RegisterBuiltin(specifier);
            return new ResolvedSpecifier(moduleRequest, specifier, null, SpecifierType.Bare);
        }

        var url = program.Resolve(referencingModuleLocation, specifier);
        var file = program.Get(url, specifier);
        if (file.IsCommonJs && registered.Add(url))
        {
            RegisterCommonJs(url, RunCommonJs(file));
        }

        return new ResolvedSpecifier(moduleRequest, url, null, SpecifierType.RelativeOrAbsolute);
    }

    /// <inheritdoc/>
    public Module LoadModule(Engine engine, ResolvedSpecifier resolved)
    {
        var file = program.Get(resolved.Key, resolved.ModuleRequest.Specifier);
        return ModuleFactory.BuildSourceTextModule(engine, file.Module);
    }

    /// <summary><c>require(specifier)</c> from a file.</summary>
    public JsValue Require(string referrer, string specifier)
    {
        if (specifier.Length == 0)
        {
            throw realm.GoError("require() can't be used with an empty specifier");
        }

        if (ScriptProgram.IsBuiltin(specifier))
        {
            return BuiltinModules.IsKnown(specifier)
                ? Builtin(specifier)
                : throw realm.GoError($"unknown module: {specifier}");
        }

        try
        {
            isRequiring = true;
            var url = program.Resolve(referrer, specifier);
            var file = program.Get(url, specifier);
            return file.IsCommonJs ? RunCommonJs(file) : realm.Engine.Modules.Import(url);
        }
        catch (ScriptException e)
        {
            throw realm.GoError(e.Message);
        }
        finally
        {
            isRequiring = false;
        }
    }

    /// <summary>The exports of a CommonJS file, which runs at the first call.</summary>
    public ObjectInstance RunCommonJs(ScriptFile file)
    {
        if (commonJs.TryGetValue(file.Url, out var known))
        {
            return known.Get("exports") as ObjectInstance ?? known;
        }

        var engine = realm.Engine;
        var module = new JsObject(engine);
        var exports = new JsObject(engine);
        module.Set("exports", exports);
        commonJs[file.Url] = module;
        var require = new ClrFunction(engine, "require", (_, arguments) => Require(file.Url, arguments.Length > 0 ? TypeConverter.ToString(arguments[0]) : ""));
        Running.Push(file.Url);
        try
        {
            engine.Call(engine.Evaluate(file.Function), exports, [module, exports, require]);
        }
        finally
        {
            Running.Pop();
        }

        return module.Get("exports") as ObjectInstance ?? exports;
    }

    /// <summary>One of k6's modules; made at the first call.</summary>
    public ObjectInstance Builtin(string specifier)
    {
        if (!builtins.TryGetValue(specifier, out var module))
        {
            builtins[specifier] = module = BuiltinModules.Create(specifier, realm);
        }

        return module;
    }

    private void RegisterBuiltin(string specifier)
    {
        if (!registered.Add(specifier))
        {
            return;
        }

        var module = Builtin(specifier);
        realm.Engine.Modules.Add(specifier, builder =>
        {
            builder.ExportValue("default", module);
            var names = new HashSet<string>(program.NamesImportedFrom(specifier), StringComparer.Ordinal);
            names.UnionWith(Interop.Properties(module).Select(p => p.Name));
            names.Remove("default");
            foreach (var name in names)
            {
                // What the module lacks is null in k6.
                builder.ExportValue(name, module.HasProperty(name) ? module.Get(name) : JsValue.Null);
            }
        });
    }

    private void RegisterCommonJs(string url, ObjectInstance exports) =>
        realm.Engine.Modules.Add(url, builder =>
        {
            var names = exports.GetOwnPropertyKeys().Where(k => k.IsString()).Select(k => k.ToString()).ToHashSet(StringComparer.Ordinal);
            builder.ExportValue("default", names.Contains("default") && exports.Get("__esModule").IsBoolean() ? exports.Get("default") : exports);
            foreach (var name in names.Where(n => n != "default"))
            {
                builder.ExportValue(name, exports.Get(name));
            }
        });
}
