using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using K6.Embedded.Modules;

namespace K6.Embedded.Runtime;

/// <summary>The global names that k6 adds, and the removal of those that its JavaScript engine has not.</summary>
internal static class Globals
{
    private static readonly string[] Absent =
    [
        "AsyncDisposableStack", "AsyncIterator", "Atomics", "DisposableStack", "FinalizationRegistry", "Float16Array", "Generator", "Intl", "Iterator",
        "ShadowRealm", "SharedArrayBuffer", "SuppressedError", "Temporal", "TypedArray", "WeakRef", "toString",
    ];

    // What constructors have too much, by themselves and in their prototypes. Literals, strings and binary data reach these without naming them.
    private static readonly (string Owner, string[] Statics, string[] Members)[] Reachable =
    [
        ("Object", ["groupBy"], ["__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"]),
        ("Array", ["fromAsync"], []),
        ("String", [], ["isWellFormed", "toWellFormed"]),
        ("ArrayBuffer", [], ["transfer", "transferToFixedLength", "transferToImmutable", "sliceToImmutable", "resize"]),
        ("Error", ["captureStackTrace", "isError", "stackTraceLimit"], []),
        ("RegExp", ["escape", "input", "$_", "lastMatch", "$&", "lastParen", "$+", "leftContext", "$`", "rightContext", "$'", .. Enumerable.Range(1, 9).Select(n => $"${n}")], []),
    ];

    // These are made when a script first names them; most scripts name few.
    private static readonly (string Owner, string[] Statics, string[] Members)[] Named =
    [
        ("Map", ["groupBy"], ["getOrInsert", "getOrInsertComputed"]),
        ("WeakMap", [], ["getOrInsert", "getOrInsertComputed"]),
        ("Set", [], ["union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"]),
        ("Promise", ["withResolvers", "try"], []),
        ("Math", ["f16round", "sumPrecise"], []),
        ("JSON", ["rawJSON", "isRawJSON"], []),
        ("Symbol", ["dispose", "asyncDispose"], []),
        ("Uint8Array", ["fromBase64", "fromHex"], ["toBase64", "toHex", "setFromBase64", "setFromHex"]),
        ("DataView", [], ["getFloat16", "setFloat16"]),
    ];

    private static readonly string[] IteratorHelpers =
        ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find"];

    /// <summary>The global function that stands for <c>import</c> in <c>import()</c>: of the same length, and no name that anybody writes.</summary>
    public const string ImportCall = "\u0131mport";

    /// <summary>Prepares a realm.</summary>
    public static void Install(VuRealm realm)
    {
        var engine = realm.Engine;
        RemoveAbsent(engine);
        realm.Stacks.InstallStackProperty();
        SetEnvironment(realm, null);
        engine.SetValue("__VU", realm.Context.IdInInstance);
        if (realm.Request.CompatibilityMode != "base")
        {
            engine.SetValue("global", engine.Global);
        }

        RefuseRegExpFlags(realm);
        ConsoleObject.Install(realm);
        Timers.InstallGlobals(realm);
        Define(engine, "open", (_, a) => Open(realm, a));
        Define(engine, "require", (_, a) => realm.Require(a.Length > 0 ? TypeConverter.ToString(a[0]) : ""));
        var importCall = new ClrFunction(engine, "import", (_, _) => Interop.Rejected(realm, new JsString(ModuleHost.NoDynamicImport)));
        engine.Global.FastSetProperty(ImportCall, new PropertyDescriptor(importCall, writable: false, enumerable: false, configurable: false));
        MendReplace(realm);
        engine.Advanced.AddLazyGlobal("crypto", e => WebCrypto.Create(realm));
        engine.Advanced.AddLazyGlobal("TextEncoder", e => TextCoding.Encoder(realm));
        engine.Advanced.AddLazyGlobal("TextDecoder", e => TextCoding.Decoder(realm));
    }

    /// <summary>Makes <c>__ENV</c> anew: the process's variables and over them the scenario's.</summary>
    public static void SetEnvironment(VuRealm realm, IReadOnlyDictionary<string, string>? ofScenario)
    {
        if (realm.Environment is not null && ofScenario is null or { Count: 0 } && !realm.HasScenarioEnvironment)
        {
            return;
        }

        var environment = new JsObject(realm.Engine);
        foreach (var (name, value) in realm.Request.Environment)
        {
            environment.Set(name, value);
        }

        foreach (var (name, value) in ofScenario ?? new Dictionary<string, string>())
        {
            environment.Set(name, value);
        }

        realm.Environment = environment;
        realm.HasScenarioEnvironment = ofScenario is { Count: > 0 };
        realm.Engine.SetValue("__ENV", environment);
    }

    private static void Define(Engine engine, string name, Func<JsValue, JsValue[], JsValue> function) =>
        engine.SetValue(name, new ClrFunction(engine, name, (self, arguments) => function(self, arguments)));

    private static void RemoveAbsent(Engine engine)
    {
        var global = engine.Global;
        if (global.Get("Iterator") is ObjectInstance iterator)
        {
            DeleteAll(iterator.Get("prototype"), IteratorHelpers);
        }

        foreach (var (owner, statics, members) in Reachable)
        {
            Mend(global.Get(owner), statics, members);
        }

        foreach (var one in Named)
        {
            var native = global.GetOwnProperty(one.Owner);
            engine.Advanced.AddLazyGlobal(
                one.Owner,
                (native, one.Statics, one.Members),
                static (_, lazy) => Mend(lazy.native.Value, lazy.Statics, lazy.Members),
                PropertyFlag.NonEnumerable);
        }

        foreach (var name in Absent)
        {
            global.Delete(name);
        }
    }

    private static void RefuseRegExpFlags(VuRealm realm)
    {
        var native = realm.Engine.Global.Get("RegExp").AsObject();
        var constructor = realm.Engine.Advanced.CreateProxy(native, new RegExpHandler(realm));
        realm.Engine.SetValue("RegExp", constructor);
        native.Get("prototype").AsObject().FastSetProperty("constructor", new PropertyDescriptor(constructor, writable: true, enumerable: false, configurable: true));
    }

    /// <summary>Jint hands a function that replaces matches empty text for groups that took no part, where the language has undefined.</summary>
    private static void MendReplace(VuRealm realm)
    {
        var engine = realm.Engine;
        var symbol = engine.Global.Get("Symbol").AsObject().Get("replace");
        var prototype = engine.Global.Get("RegExp").AsObject().Get("prototype").AsObject();
        var native = prototype.Get(symbol);
        var mended = new ClrFunction(engine, "[Symbol.replace]", (self, a) =>
            self is ObjectInstance expression && a.Arg(1).IsCallable() ? ReplaceBy(engine, expression, TypeConverter.ToString(a[0]), a[1]) : engine.Call(native, self, a), 2);
        prototype.DefineOwnProperty(symbol, new PropertyDescriptor(mended, writable: true, enumerable: false, configurable: true));
    }

    /// <summary>https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.replace% for a function.</summary>
    private static JsString ReplaceBy(Engine engine, ObjectInstance expression, string text, JsValue replacer)
    {
        var isGlobal = TypeConverter.ToBoolean(expression.Get("global"));
        var isUnicode = isGlobal && TypeConverter.ToBoolean(expression.Get("unicode"));
        if (isGlobal)
        {
            expression.Set("lastIndex", JsNumber.Create(0), throwOnError: true);
        }

        var matches = new List<ObjectInstance>();
        while (engine.Call(expression.Get("exec"), expression, [new JsString(text)]) is ObjectInstance match)
        {
            matches.Add(match);
            if (!isGlobal)
            {
                break;
            }

            if (TypeConverter.ToString(match.Get(0)).Length == 0)
            {
                var at = (int)Math.Min(TypeConverter.ToNumber(expression.Get("lastIndex")), int.MaxValue - 2);
                var isPair = isUnicode && at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
                expression.Set("lastIndex", JsNumber.Create(at + (isPair ? 2 : 1)), throwOnError: true);
            }
        }

        var result = new StringBuilder();
        var done = 0;
        foreach (var match in matches)
        {
            var matched = TypeConverter.ToString(match.Get(0));
            var position = (int)Math.Clamp(TypeConverter.ToNumber(match.Get("index")), 0, text.Length);
            List<JsValue> arguments = [new JsString(matched)];
            arguments.AddRange(Interop.Items(match).Skip(1));
            arguments.Add(JsNumber.Create(position));
            arguments.Add(new JsString(text));
            var groups = match.Get("groups");
            if (!groups.IsUndefined())
            {
                arguments.Add(groups);
            }

            var replacement = TypeConverter.ToString(engine.Call(replacer, JsValue.Undefined, [.. arguments]));
            if (position >= done)
            {
                result.Append(text, done, position - done).Append(replacement);
                done = position + matched.Length;
            }
        }

        return new JsString(result.Append(text, done, text.Length - done).ToString());
    }

    private static JsValue Mend(JsValue owner, string[] statics, string[] members)
    {
        DeleteAll(owner, statics);
        if (members.Length > 0)
        {
            DeleteAll(owner.AsObject().Get("prototype"), members);
        }

        return owner;
    }

    private static void DeleteAll(JsValue owner, string[] members)
    {
        if (owner is ObjectInstance instance)
        {
            foreach (var name in members)
            {
                // Some cannot be deleted by a script.
                instance.RemoveOwnProperty(name);
            }
        }
    }

    /// <summary>The path of a file that a script names, from the file that calls.</summary>
    public static string PathFrom(VuRealm realm, string name) => name.StartsWith("file://", StringComparison.Ordinal)
        ? ScriptProgram.PathOf(Uri.UnescapeDataString(name))
        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ScriptProgram.PathOf(realm.CallerUrl)) ?? "/", name));

    private static JsValue Open(VuRealm realm, JsValue[] arguments)
    {
        if (!realm.InInit)
        {
            throw realm.GoError("the \"open\" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle/ for more information");
        }

        var name = arguments.Length > 0 && !arguments[0].IsUndefined() ? TypeConverter.ToString(arguments[0]) : "";
        if (name.Length == 0)
        {
            throw realm.GoError("open() can't be used with an empty filename");
        }

        var path = PathFrom(realm, name);
        if (Directory.Exists(path))
        {
            throw realm.GoError($"open() can't be used with directories, path: \"{path}\"");
        }

        byte[] content;
        try
        {
            content = realm.Shared.File(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw realm.GoError($"stat {path}: no such file or directory");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw realm.GoError($"open {path}: {e.Message}");
        }

        return arguments.Length > 1 && arguments[1].IsString() && arguments[1].AsString() == "b"
            ? realm.Engine.Intrinsics.ArrayBuffer.Construct([.. content])
            : new JsString(Encoding.UTF8.GetString(content));
    }

    /// <summary>The constructor <c>RegExp</c> with the flags of k6's engine, which has neither <c>d</c> nor <c>v</c>.</summary>
    private sealed class RegExpHandler(VuRealm realm) : ProxyHandler
    {
        public override JsValue? Apply(ObjectInstance target, JsValue thisObject, JsValue[] arguments)
        {
            Check(arguments);
            return null;
        }

        public override ObjectInstance? Construct(ObjectInstance target, JsValue[] arguments, JsValue newTarget)
        {
            Check(arguments);
            return null;
        }

        private void Check(JsValue[] arguments)
        {
            if (arguments.Length > 1 && !arguments[1].IsUndefined() && TypeConverter.ToString(arguments[1]) is var flags && flags.Any(c => !"gimsuy".Contains(c, StringComparison.Ordinal)))
            {
                throw new JavaScriptException(realm.Engine.Construct("SyntaxError", new JsString($"Invalid flags supplied to RegExp constructor '{flags}'")));
            }
        }
    }
}
